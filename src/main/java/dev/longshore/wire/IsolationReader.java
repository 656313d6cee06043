package dev.longshore.wire;

import com.fasterxml.jackson.databind.JsonNode;

import dev.longshore.job.Isolation;
import dev.longshore.job.Ulimit;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The fields of a start command that say how its program is kept apart; a broken rule is a {@link
 * RefusedException}. Any thread.
 */
final class IsolationReader {
    /** Without the prefix {@code CAP_}, from capabilities(7). */
    private static final Set<String> CAPABILITIES =
            Set.of(
                    "AUDIT_CONTROL",
                    "AUDIT_READ",
                    "AUDIT_WRITE",
                    "BLOCK_SUSPEND",
                    "BPF",
                    "CHECKPOINT_RESTORE",
                    "CHOWN",
                    "DAC_OVERRIDE",
                    "DAC_READ_SEARCH",
                    "FOWNER",
                    "FSETID",
                    "IPC_LOCK",
                    "IPC_OWNER",
                    "KILL",
                    "LEASE",
                    "LINUX_IMMUTABLE",
                    "MAC_ADMIN",
                    "MAC_OVERRIDE",
                    "MKNOD",
                    "NET_ADMIN",
                    "NET_BIND_SERVICE",
                    "NET_BROADCAST",
                    "NET_RAW",
                    "PERFMON",
                    "SETFCAP",
                    "SETGID",
                    "SETPCAP",
                    "SETUID",
                    "SYSLOG",
                    "SYS_ADMIN",
                    "SYS_BOOT",
                    "SYS_CHROOT",
                    "SYS_MODULE",
                    "SYS_NICE",
                    "SYS_PACCT",
                    "SYS_PTRACE",
                    "SYS_RAWIO",
                    "SYS_RESOURCE",
                    "SYS_TIME",
                    "SYS_TTY_CONFIG",
                    "WAKE_ALARM");

    private static final String CAPABILITY_PREFIX = "CAP_";

    private IsolationReader() {}

    static Isolation read(Given body) {
        Isolation defaults = Isolation.DEFAULTS;
        return new Isolation(
                capabilities(body.field("capabilities")),
                body.field("readOnlyRootfs").flag(defaults.readOnlyRootfs()),
                body.field("init").flag(defaults.init()),
                body.field("tty").flag(defaults.tty()),
                body.field("shmSize").size(1, "too small: the engine takes 0 for its default"),
                tmpfs(body.field("tmpfs")),
                ulimits(body.field("ulimits")),
                PrivilegesReader.read(body));
    }

    private static Set<String> capabilities(Given given) {
        Set<String> names = new TreeSet<>();
        for (Given item : given.items()) {
            String name = item.node().asText().toUpperCase(Locale.ROOT);
            if (name.startsWith(CAPABILITY_PREFIX)) {
                name = name.substring(CAPABILITY_PREFIX.length());
            }
            if (!CAPABILITIES.contains(name)) {
                throw item.refused(
                        Quote.of(item.node().asText())
                                + " is not a capability such as CHOWN or CAP_CHOWN");
            }
            names.add(name);
        }
        return names;
    }

    private static Map<String, Long> tmpfs(Given given) {
        Map<String, Long> sizes = new LinkedHashMap<>();
        given.members()
                .forEach(
                        (path, value) -> {
                            requireOwnPath(path, value);
                            Long size = value.size(1, "too small: the kernel takes 0 for no limit");
                            if (size != null) {
                                sizes.put(path, size);
                            }
                        });
        return sizes;
    }

    private static void requireOwnPath(String path, Given place) {
        if (!StartRules.isNormalisedPath(path)) {
            throw place.refused(
                    "the name must be an absolute path without empty parts, '.', '..' and a '/' at"
                            + " its end");
        }
        if (path.equals("/")) {
            throw place.refused("the root itself can't be in memory");
        }
        String owner = Targets.taken(path);
        if (owner != null) {
            throw place.refused("what is under " + owner + " is not the producer's");
        }
    }

    private static Map<String, Ulimit> ulimits(Given given) {
        Map<String, Ulimit> limits = new LinkedHashMap<>();
        given.members().forEach((name, value) -> limits.put(name, ulimit(value)));
        return limits;
    }

    private static Ulimit ulimit(Given given) {
        if (!given.node().isObject()) {
            long both = limit(given);
            return new Ulimit(both, both);
        }
        long soft = limit(given.field("soft"));
        long hard = limit(given.field("hard"));
        if (hard >= 0 && (soft < 0 || soft > hard)) {
            throw given.refused("the soft limit must not be above the hard one");
        }
        return new Ulimit(soft, hard);
    }

    private static long limit(Given given) {
        JsonNode node = given.node();
        Long limit = Sizes.whole(node.decimalValue());
        if (limit == null) {
            throw given.refused(Quote.escaped(node.asText(), Quote.MOST) + " is too large");
        }
        return limit;
    }
}
