package dev.longshore.wire;

import dev.longshore.job.RefusalCode;

import org.jspecify.annotations.Nullable;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What breaking the rule of a field is called, and what an unknown field most likely was meant to
 * be. Any thread.
 */
final class FieldRules {
    private static final Map<String, RefusalCode> CODES =
            Map.ofEntries(
                    Map.entry("type", RefusalCode.UNKNOWN_COMMAND),
                    Map.entry("jobId", RefusalCode.INVALID_EXECUTION_ID),
                    Map.entry("executionId", RefusalCode.INVALID_EXECUTION_ID),
                    Map.entry("nodeId", RefusalCode.INVALID_EXECUTION_ID),
                    Map.entry("image", RefusalCode.INVALID_IMAGE),
                    Map.entry("entrypoint", RefusalCode.INVALID_COMMAND),
                    Map.entry("command", RefusalCode.INVALID_COMMAND),
                    Map.entry("environment", RefusalCode.INVALID_ENV),
                    Map.entry("labels", RefusalCode.INVALID_LABEL),
                    Map.entry("resources", RefusalCode.INVALID_RESOURCES),
                    Map.entry("timeouts", RefusalCode.INVALID_TIMEOUT),
                    Map.entry("expiresAt", RefusalCode.INVALID_TIMEOUT),
                    Map.entry("stopGrace", RefusalCode.INVALID_TIMEOUT));

    /** The same for fields deeper down, with {@code *} for a place in an array. */
    private static final Map<String, RefusalCode> DEEP_CODES =
            Map.of(
                    "/inputs/*/target", RefusalCode.INVALID_MOUNT_TARGET,
                    "/outputs/*/target", RefusalCode.INVALID_MOUNT_TARGET,
                    "/secrets/*/target", RefusalCode.INVALID_MOUNT_TARGET,
                    "/secrets/*/environment", RefusalCode.INVALID_ENV,
                    "/outputs/*/name", RefusalCode.INVALID_OUTPUT_NAME,
                    "/retry/backoff", RefusalCode.INVALID_TIMEOUT);

    private static final Pattern PLACE = Pattern.compile("/[0-9]+(?=/|$)");

    /** Ways out of the container by other engines' names, in lower case without separators. */
    private static final Set<String> SECURITY =
            Set.of(
                    "privileged",
                    "networks",
                    "networkmode",
                    "net",
                    "pid",
                    "pidmode",
                    "ipc",
                    "ipcmode",
                    "uts",
                    "utsmode",
                    "userns",
                    "usernsmode",
                    "cgroup",
                    "cgroupparent",
                    "cgroupns",
                    "cgroupnsmode",
                    "device",
                    "devices",
                    "devicecgrouprules",
                    "devicerequests",
                    "securityopt",
                    "securityopts",
                    "seccomp",
                    "apparmor",
                    "selinux",
                    "capadd",
                    "capdrop",
                    "runtime",
                    "volume",
                    "volumes",
                    "volumesfrom",
                    "bind",
                    "binds",
                    "mount",
                    "mounts",
                    "sysctls",
                    "hostconfig",
                    "oomkilldisable",
                    "oomscoreadj",
                    "groupadd",
                    "maskedpaths",
                    "readonlypaths",
                    "isolation",
                    "hostnetwork",
                    "hostpid",
                    "hostipc");

    /** What the node decides itself: when a container starts, goes, and knows of others. */
    private static final Set<String> NODES_OWN =
            Set.of(
                    "restart",
                    "restartpolicy",
                    "autoremove",
                    "rm",
                    "link",
                    "links",
                    "externallinks");

    /** What other tools call our fields. */
    private static final Map<String, String> ALIASES =
            Map.ofEntries(
                    Map.entry("args", "command"),
                    Map.entry("cmd", "command"),
                    Map.entry("cwd", "workingDirectory"),
                    Map.entry("workdir", "workingDirectory"),
                    Map.entry("id", "executionId"),
                    Map.entry("mem", "memory"),
                    Map.entry("memorylimit", "memory"),
                    Map.entry("cpus", "cpu"),
                    Map.entry("pidslimit", "pids"),
                    Map.entry("imagepullpolicy", "pullPolicy"),
                    Map.entry("stoptimeout", "stopGrace"),
                    Map.entry("runtimeout", "run"),
                    Map.entry("capadd", "capabilities"),
                    Map.entry("net", "network"),
                    Map.entry("networkmode", "network"),
                    Map.entry("networks", "network"),
                    Map.entry("gpu", "gpus"),
                    Map.entry("readonly", "readOnlyRootfs"),
                    Map.entry("readonlyrootfilesystem", "readOnlyRootfs"),
                    Map.entry("publish", "ports"),
                    Map.entry("addhost", "extraHosts"),
                    Map.entry("mount", "inputs"),
                    Map.entry("mounts", "inputs"),
                    Map.entry("volume", "inputs"),
                    Map.entry("volumes", "inputs"),
                    Map.entry("bind", "inputs"),
                    Map.entry("binds", "inputs"),
                    Map.entry("files", "inputs"),
                    Map.entry("artifacts", "outputs"),
                    Map.entry("device", "devices"),
                    Map.entry("pid", "hostNamespaces"),
                    Map.entry("pidmode", "hostNamespaces"),
                    Map.entry("ipc", "hostNamespaces"),
                    Map.entry("ipcmode", "hostNamespaces"),
                    Map.entry("uts", "hostNamespaces"),
                    Map.entry("utsmode", "hostNamespaces"),
                    Map.entry("userns", "hostNamespaces"),
                    Map.entry("usernsmode", "hostNamespaces"),
                    Map.entry("groupadd", "groups"),
                    Map.entry("supplementalgroups", "groups"),
                    Map.entry("securityopt", "securityOptions"),
                    Map.entry("securityopts", "securityOptions"),
                    Map.entry("retries", "retry"));

    private FieldRules() {}

    /** The code for a broken rule at this JSON pointer. */
    static RefusalCode codeOf(String pointer) {
        RefusalCode deep = DEEP_CODES.get(general(pointer));
        return deep == null ? CODES.getOrDefault(first(pointer), RefusalCode.INVALID_FIELD) : deep;
    }

    /** Whether values of this field may be secret, so that a message must not show them. */
    static boolean secret(String pointer) {
        return switch (first(pointer)) {
            case "environment", "command", "entrypoint", "registryAuth", "provision", "secrets" ->
                    true;
            case "inputs" -> general(pointer).startsWith("/inputs/*/content");
            default -> false;
        };
    }

    /**
     * The refusal of a field that the schema does not know.
     *
     * @param parent pointer of the object that has it
     * @param name the unknown name
     * @param here the names that this object may have
     * @param elsewhere where the fields of other objects stand, by name
     */
    static RefusedException unknown(
            String parent, String name, Set<String> here, Map<String, String> elsewhere) {
        String pointer = Quote.pointer(parent, name);
        String bare = bare(name);
        String wanted = ALIASES.getOrDefault(bare, name);
        String meant = here.contains(wanted) ? wanted : elsewhere.get(wanted);
        if (SECURITY.contains(bare) || NODES_OWN.contains(bare)) {
            return new RefusedException(
                    RefusalCode.NOT_PERMITTED,
                    pointer,
                    (SECURITY.contains(bare)
                                    ? "is not permitted: it would loosen the container's isolation"
                                    : "is not permitted: that is for the node to decide")
                            + hint(meant));
        }
        return new RefusedException(
                RefusalCode.UNKNOWN_FIELD,
                pointer,
                "no such field" + hint(meant == null ? nearest(bare, here) : meant));
    }

    private static String hint(@Nullable String meant) {
        return meant == null ? "" : "; did you mean \"" + meant + "\"?";
    }

    private static String general(String pointer) {
        return PLACE.matcher(pointer).replaceAll("/*");
    }

    private static String first(String pointer) {
        int end = pointer.indexOf('/', 1);
        return pointer.isEmpty() ? "" : pointer.substring(1, end < 0 ? pointer.length() : end);
    }

    private static String bare(String name) {
        return name.length() > Quote.MOST
                ? ""
                : name.replace("_", "").replace("-", "").toLowerCase(Locale.ROOT);
    }

    private static @Nullable String nearest(String wanted, Set<String> known) {
        String nearest = null;
        int best = Math.max(1, wanted.length() / 3) + 1;
        for (String candidate : known) {
            String lower = candidate.toLowerCase(Locale.ROOT);
            boolean startsAlike =
                    wanted.length() >= 3 && (lower.startsWith(wanted) || wanted.startsWith(lower));
            int distance = startsAlike ? 1 : distance(wanted, lower);
            if (!wanted.isEmpty() && distance < best) {
                best = distance;
                nearest = candidate;
            }
        }
        return nearest;
    }

    /** Levenshtein's distance with one row. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
