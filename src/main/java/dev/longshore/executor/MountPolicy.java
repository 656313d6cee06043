package dev.longshore.executor;

import dev.longshore.executor.Policy.Verdict;
import dev.longshore.job.Input;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What of the node jobs may mount. {@link #judge} is pure, for any thread, and looks at names only;
 * what a name really leads to is decided by {@link #resolve}, which reads the disk.
 *
 * @param readRoots directories under which a job may mount for reading
 * @param writeRoots directories under which it may also mount for writing
 * @param volumes globs over the names of volumes that it may mount: {@code *} stands for anything
 */
public record MountPolicy(List<Path> readRoots, List<Path> writeRoots, List<String> volumes) {
    /** Nothing. */
    public static final MountPolicy NONE = new MountPolicy(List.of(), List.of(), List.of());

    /**
     * The engine's rule. What breaks it is no name, and an engine may take it for a path on the
     * host.
     */
    private static final Pattern VOLUME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]*");

    /** Copies the lists; refuses roots that are not absolute. */
    public MountPolicy {
        readRoots = List.copyOf(readRoots);
        writeRoots = List.copyOf(writeRoots);
        volumes = List.copyOf(volumes);
        requireAbsolute(readRoots);
        requireAbsolute(writeRoots);
    }

    private static void requireAbsolute(List<Path> roots) {
        for (Path root : roots) {
            if (!root.isAbsolute()) {
                throw new IllegalArgumentException(
                        "a root of mounts must be an absolute path, was " + root);
            }
        }
    }

    /**
     * Why a job may not mount these here, as far as their names tell, or empty. The first that is
     * found counts. A path has to lie under a root as the operator wrote it, so that a job needs to
     * know no other names of it.
     */
    public Optional<Verdict> judge(List<Input> inputs) {
        for (int i = 0; i < inputs.size(); i++) {
            String at = "/inputs/" + i;
            Optional<Verdict> verdict =
                    switch (inputs.get(i)) {
                        case Input.Bind bind -> judge(bind, at);
                        case Input.Volume volume -> judge(volume, at);
                        case Input.Inline inline -> Optional.empty();
                        case Input.Http http -> Optional.empty();
                    };
            if (verdict.isPresent()) {
                return verdict;
            }
        }
        return Optional.empty();
    }

    private Optional<Verdict> judge(Input.Bind bind, String at) {
        Path source;
        try {
            source = Path.of(bind.source());
        } catch (InvalidPathException wrong) {
            return refused(at + "/source", "no path of this node: " + wrong.getReason());
        }
        if (!source.isAbsolute() || !source.equals(source.normalize())) {
            return refused(at + "/source", "must be an absolute path without '.' and '..'");
        }
        if (!bind.readOnly() && !under(source, writeRoots) && under(source, readRoots)) {
            return refused(at + "/readOnly", source + " may be mounted for reading only here");
        }
        return under(source, roots(bind))
                ? Optional.empty()
                : refused(at + "/source", source + " may not be mounted here");
    }

    private Optional<Verdict> judge(Input.Volume volume, String at) {
        String name = volume.name();
        boolean allowed =
                VOLUME.matcher(name).matches()
                        && volumes.stream().anyMatch(glob -> Policy.matches(glob, name));
        return allowed
                ? Optional.empty()
                : refused(at + "/source", "the volume " + name + " may not be mounted here");
    }

    /**
     * What the binds among these inputs really are, or why one may not be had. Blocks on the disk:
     * worker threads only. What is to be mounted is the real path, never the name, which can lead
     * elsewhere by then.
     *
     * <p>A source has to be a directory or a regular file, and its real path must lie under the
     * real path of a root; of a root for writing, where the job may write. Besides, some places are
     * kept out: {@code /}, {@code /proc}, {@code /sys}, {@code /dev}, {@code /run}, {@code
     * /var/run}, {@code /boot}, {@code /etc} and those given. Whatever holds such a place, or is
     * it, is refused under any root. What lies in it is refused, too, unless a root lies in it as
     * well, deeper than the place itself: the operator has then named it on purpose. So the roots
     * {@code /} and {@code /etc} open nothing in {@code /etc}, and {@code /etc/pki} opens just
     * that.
     *
     * @param keepOut what no job may have besides: the engine's own data, its socket, the results
     *     of other executions
     */
    public Resolved resolve(List<Input> inputs, Set<Path> keepOut) {
        return new MountResolution(this, keepOut).of(inputs);
    }

    /** What {@link #resolve} found. */
    public sealed interface Resolved {
        /**
         * All may be mounted.
         *
         * @param sources the real path for each bind, by its place among the inputs
         */
        record Allowed(Map<Integer, Path> sources) implements Resolved {
            /** Copies the map. */
            public Allowed {
                sources = Map.copyOf(sources);
            }
        }

        /**
         * One may not.
         *
         * @param verdict which and why
         */
        record Refused(Verdict verdict) implements Resolved {}
    }

    /** Under which roots this bind has to lie. */
    List<Path> roots(Input.Bind bind) {
        return bind.readOnly()
                ? Stream.concat(readRoots.stream(), writeRoots.stream()).toList()
                : writeRoots;
    }

    private static boolean under(Path source, List<Path> roots) {
        return roots.stream().anyMatch(root -> source.startsWith(root.normalize()));
    }

    private static Optional<Verdict> refused(String field, String message) {
        return Optional.of(new Verdict(field, message));
    }
}
