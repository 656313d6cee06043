package dev.longshore.executor;

import dev.longshore.job.ExecutionRequest;
import dev.longshore.job.Grant;
import dev.longshore.job.Isolation;
import dev.longshore.job.Networking;
import dev.longshore.job.PortBinding;
import dev.longshore.job.SecretUse;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What the operator lets jobs ask for. Plain values and pure judgement, for any thread.
 *
 * @param images globs over {@code registry/repository} as the engine resolves it, such as {@code
 *     docker.io/library/*}: {@code *} stands for anything but a slash, {@code **} for anything;
 *     {@code **} alone allows every image
 * @param digestOnly whether an image must be named by its digest
 * @param networks which networks a job may name; {@code none} always is, the host's own ({@code
 *     host}) only if it is listed, and another container's ({@code container:name}) only if just
 *     that is listed, or {@code container:*} for each
 * @param capabilities which kernel capabilities a job may keep, without the prefix {@code CAP_}
 * @param portAddresses host addresses on which a job may publish ports; empty for no ports at all
 * @param most the most that one job may ask for; 0 for no bound but the node's own
 * @param longestRun the longest run that one job may ask for
 * @param mounts what of the node it may mount
 * @param downloads from where the node fetches files for it
 * @param privileges which rights over the host it may ask for
 * @param secrets globs over the names of secrets that a job may use: {@code *} stands for anything
 * @param exec whether anyone may run commands in a running container
 */
public record Policy(
        List<String> images,
        boolean digestOnly,
        Set<String> networks,
        Set<String> capabilities,
        Set<String> portAddresses,
        Grant most,
        Duration longestRun,
        MountPolicy mounts,
        DownloadPolicy downloads,
        PrivilegePolicy privileges,
        List<String> secrets,
        boolean exec) {
    /** Any image, no capabilities, the bridge and ports on the loopback address, a week. */
    public static final Policy DEFAULTS =
            new Policy(
                    List.of("**"),
                    false,
                    Set.of("bridge"),
                    Set.of(),
                    Set.of("127.0.0.1"),
                    new Grant(0, 0, 0),
                    Duration.ofDays(7),
                    MountPolicy.NONE,
                    DownloadPolicy.NONE,
                    PrivilegePolicy.NONE,
                    List.of(),
                    false);

    /** Before the name of another container, whose network it then is. */
    private static final String OTHERS_NETWORK = "container:";

    private static final String DEFAULT_REGISTRY = "docker.io";

    /** Copies the collections; refuses nulls by name. */
    public Policy {
        images = List.copyOf(images);
        networks = Set.copyOf(networks);
        capabilities = Set.copyOf(capabilities);
        portAddresses = Set.copyOf(portAddresses);
        secrets = List.copyOf(secrets);
        Objects.requireNonNull(most, "most");
        Objects.requireNonNull(longestRun, "longestRun");
        Objects.requireNonNull(mounts, "mounts");
        Objects.requireNonNull(downloads, "downloads");
        Objects.requireNonNull(privileges, "privileges");
    }

    /** The same with other places from which files may be fetched. */
    public Policy withDownloads(DownloadPolicy others) {
        return new Policy(
                images,
                digestOnly,
                networks,
                capabilities,
                portAddresses,
                most,
                longestRun,
                mounts,
                others,
                privileges,
                secrets,
                exec);
    }

    /**
     * What is not permitted.
     *
     * @param field JSON pointer of the field that asks for it
     * @param message what the policy says, for people
     */
    public record Verdict(String field, String message) {}

    /** Why the request may not run here, or empty. The first thing that is found counts. */
    public Optional<Verdict> judge(ExecutionRequest request, Grant wanted) {
        return judgeImage(request.engine().image())
                .or(() -> networking(request.engine().networking()))
                .or(() -> isolation(request.engine().isolation()))
                .or(() -> privileges.judge(request.engine().isolation().privileges()))
                .or(() -> mounts.judge(request.files().inputs()))
                .or(() -> secrets(request.files().secrets()))
                .or(() -> downloads.judge(request.files().inputs()))
                .or(() -> limits(request, wanted));
    }

    private Optional<Verdict> secrets(List<SecretUse> wanted) {
        for (int i = 0; i < wanted.size(); i++) {
            String name = wanted.get(i).name();
            if (secrets.stream().noneMatch(glob -> matches(glob, name))) {
                return verdict(
                        "/secrets/" + i + "/name", "the secret " + name + " is not allowed here");
            }
        }
        return Optional.empty();
    }

    /** Why no job may use this image here, or empty. */
    public Optional<Verdict> judgeImage(String reference) {
        if (digestOnly && !reference.contains("@sha256:")) {
            return verdict("/image", "images must be named by their digest here");
        }
        String repository = repositoryOf(reference);
        boolean allowed = images.stream().anyMatch(glob -> matches(glob, repository));
        return allowed ? Optional.empty() : verdict("/image", repository + " is not allowed here");
    }

    /** Why no program may run so long here in all, however often it was extended, or empty. */
    public Optional<Verdict> judgeRun(Duration run) {
        return run.compareTo(longestRun) > 0
                ? verdict("/timeouts/run", "at most " + longestRun + " each")
                : Optional.empty();
    }

    private Optional<Verdict> networking(Networking networking) {
        String network = networking.network();
        if (!allowsNetwork(network)) {
            return verdict("/network", "the network " + network + " is not allowed here");
        }
        for (PortBinding port : networking.ports()) {
            if (!portAddresses.contains(port.hostIp())) {
                return verdict("/ports", "ports on " + port.hostIp() + " are not allowed here");
            }
        }
        return Optional.empty();
    }

    private boolean allowsNetwork(String network) {
        return network.equals(Networking.NONE)
                || networks.contains(network)
                || (network.startsWith(OTHERS_NETWORK) && networks.contains(OTHERS_NETWORK + "*"));
    }

    private Optional<Verdict> isolation(Isolation isolation) {
        return isolation.capabilities().stream()
                .filter(capability -> !capabilities.contains(capability))
                .sorted()
                .findFirst()
                .flatMap(
                        capability ->
                                verdict(
                                        "/capabilities",
                                        "the capability " + capability + " is not allowed here"));
    }

    private Optional<Verdict> limits(ExecutionRequest request, Grant wanted) {
        if (exceeds(wanted.cpuNanos(), most.cpuNanos())) {
            return verdict("/resources/cpu", "at most " + most.cpuNanos() / 1e9 + " cores each");
        }
        if (exceeds(wanted.memoryBytes(), most.memoryBytes())) {
            return verdict("/resources/memory", "at most " + most.memoryBytes() + " bytes each");
        }
        if (exceeds(wanted.pids(), most.pids())) {
            return verdict("/resources/pids", "at most " + most.pids() + " processes each");
        }
        Duration run = request.timeouts().run();
        return run == null ? Optional.empty() : judgeRun(run);
    }

    private static boolean exceeds(long wanted, long bound) {
        return bound > 0 && wanted > bound;
    }

    /** {@code registry/repository} of a reference, defaults filled in, tag and digest left out. */
    static String repositoryOf(String reference) {
        int at = reference.indexOf('@');
        String named = at < 0 ? reference : reference.substring(0, at);
        int colon = named.lastIndexOf(':');
        String bare = colon > named.lastIndexOf('/') ? named.substring(0, colon) : named;
        int slash = bare.indexOf('/');
        String first = slash < 0 ? "" : bare.substring(0, slash);
        boolean hasRegistry =
                first.contains(".") || first.contains(":") || first.equals("localhost");
        if (!hasRegistry) {
            return DEFAULT_REGISTRY + "/" + (slash < 0 ? "library/" : "") + bare;
        }
        if (!first.equals(DEFAULT_REGISTRY) && !first.equals("index.docker.io")) {
            return bare;
        }
        String path = bare.substring(slash + 1);
        return DEFAULT_REGISTRY + "/" + (path.contains("/") ? path : "library/" + path);
    }

    static boolean matches(String glob, String repository) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < glob.length(); i++) {
            if (glob.charAt(i) != '*') {
                regex.append(Pattern.quote(String.valueOf(glob.charAt(i))));
            } else if (glob.startsWith("**", i)) {
                regex.append(".*");
                i++;
            } else {
                regex.append("[^/]*");
            }
        }
        return Pattern.matches(regex.toString(), repository);
    }

    private static Optional<Verdict> verdict(String field, String message) {
        return Optional.of(new Verdict(field, message));
    }
}
