package dev.longshore.executor;

import dev.longshore.executor.Policy.Verdict;
import dev.longshore.job.Privileges;
import dev.longshore.job.Privileges.HostNamespace;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which rights over the host jobs may ask for. Plain values and pure judgement, for any thread.
 *
 * @param privileged whether every right at once
 * @param devices which devices, by their path on the node, letter by letter
 * @param securityOptions which options, as the engine takes them, letter by letter
 * @param runtimes which OCI runtimes
 * @param hostNamespaces which namespaces
 * @param groups which further groups: ranges of numbers as {@code 1000-59999}, or globs over names
 *     and numbers as a job writes them
 */
public record PrivilegePolicy(
        boolean privileged,
        Set<String> devices,
        Set<String> securityOptions,
        Set<String> runtimes,
        Set<HostNamespace> hostNamespaces,
        List<String> groups) {
    /** The numbers that Linux distributions give to people, and not to the system's own groups. */
    public static final String PEOPLES_GROUPS = "1000-59999";

    /** None, but for groups of people. */
    public static final PrivilegePolicy NONE =
            new PrivilegePolicy(false, Set.of(), Set.of(), Set.of(), Set.of());

    private static final Pattern RANGE = Pattern.compile("([0-9]{1,10})-([0-9]{1,10})");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,10}");

    /** Copies the sets. */
    public PrivilegePolicy {
        devices = Set.copyOf(devices);
        securityOptions = Set.copyOf(securityOptions);
        runtimes = Set.copyOf(runtimes);
        hostNamespaces = Set.copyOf(hostNamespaces);
        groups = List.copyOf(groups);
    }

    /** With the groups of people. */
    public PrivilegePolicy(
            boolean privileged,
            Set<String> devices,
            Set<String> securityOptions,
            Set<String> runtimes,
            Set<HostNamespace> hostNamespaces) {
        this(
                privileged,
                devices,
                securityOptions,
                runtimes,
                hostNamespaces,
                List.of(PEOPLES_GROUPS));
    }

    /** Why a job may not have these rights here, or empty. The first thing that is found counts. */
    public Optional<Verdict> judge(Privileges wanted) {
        if (wanted.privileged() && !privileged) {
            return refused("/privileged", "privileged programs are not allowed here");
        }
        return devices(wanted.devices())
                .or(() -> securityOptions(wanted.securityOptions()))
                .or(() -> runtime(wanted))
                .or(() -> hostNamespaces(wanted.hostNamespaces()))
                .or(() -> groups(wanted.groups()));
    }

    private Optional<Verdict> groups(List<String> wanted) {
        for (int i = 0; i < wanted.size(); i++) {
            String group = wanted.get(i);
            if (groups.stream().noneMatch(rule -> allows(rule, group))) {
                return refused("/groups/" + i, "the group " + group + " is not allowed here");
            }
        }
        return Optional.empty();
    }

    private static boolean allows(String rule, String group) {
        Matcher range = RANGE.matcher(rule);
        if (!range.matches()) {
            return Policy.matches(rule, group);
        }
        if (!NUMBER.matcher(group).matches()) {
            return false;
        }
        long number = Long.parseLong(group);
        return Long.parseLong(range.group(1)) <= number && number <= Long.parseLong(range.group(2));
    }

    private Optional<Verdict> devices(List<Privileges.Device> wanted) {
        for (int i = 0; i < wanted.size(); i++) {
            String host = wanted.get(i).host();
            if (!devices.contains(host)) {
                return refused("/devices/" + i, "the device " + host + " is not allowed here");
            }
        }
        return Optional.empty();
    }

    private Optional<Verdict> securityOptions(List<String> wanted) {
        for (int i = 0; i < wanted.size(); i++) {
            String option = wanted.get(i);
            if (!securityOptions.contains(option)) {
                return refused(
                        "/securityOptions/" + i,
                        "the security option " + option + " is not allowed here");
            }
        }
        return Optional.empty();
    }

    private Optional<Verdict> runtime(Privileges wanted) {
        String runtime = wanted.runtime();
        return runtime == null || runtimes.contains(runtime)
                ? Optional.empty()
                : refused("/runtime", "the runtime " + runtime + " is not allowed here");
    }

    /** A set has no first: the pointer is the whole field's, and the message names which. */
    private Optional<Verdict> hostNamespaces(Set<HostNamespace> wanted) {
        return wanted.stream()
                .filter(namespace -> !hostNamespaces.contains(namespace))
                .sorted()
                .findFirst()
                .flatMap(
                        namespace ->
                                refused(
                                        "/hostNamespaces",
                                        "the host's "
                                                + namespace.wireName()
                                                + " namespace is not allowed here"));
    }

    private static Optional<Verdict> refused(String field, String message) {
        return Optional.of(new Verdict(field, message));
    }
}
