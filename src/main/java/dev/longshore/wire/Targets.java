package dev.longshore.wire;

import dev.longshore.job.RefusalCode;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The places in a container where a start command puts something: none may be the kernel's or ours,
 * and none may hide another. A broken rule is a {@link RefusedException}. Of one thread.
 */
final class Targets {
    /** Where nothing of a producer may be: the kernel's, and the one of the node's own files. */
    private static final List<String> TAKEN = List.of("/proc", "/sys", "/dev", "/.longshore");

    private static final String HOSTS_AND_USERS = "/etc";

    private final List<Place> places = new ArrayList<>();

    /** What is put there. */
    enum Kind {
        /** A file system in memory. */
        MEMORY,
        /** A directory of the node, or a volume. */
        MOUNT,
        /** A file that came with the command. */
        FILE,
        /** A secret that becomes a file. */
        SECRET,
        /** A directory that is collected. */
        OUTPUT
    }

    private record Place(String path, Kind kind, Given given) {}

    /** Which of {@link #TAKEN} the path is or is under, or null. */
    static @Nullable String taken(String path) {
        for (String root : TAKEN) {
            if (path.equals(root) || path.startsWith(root + '/')) {
                return root;
            }
        }
        return null;
    }

    /** Notes file systems in memory, whose paths are checked where they are read. */
    void tmpfs(Given given) {
        given.members().forEach((path, size) -> places.add(new Place(path, Kind.MEMORY, size)));
    }

    /** Notes and returns the path in this field. */
    String add(Given given, Kind kind) {
        String path = given.node().asText();
        if (!StartRules.isNormalisedPath(path)) {
            throw refused(
                    given,
                    Quote.of(path)
                            + " is not an absolute path in the container without empty parts, '.',"
                            + " '..' and a '/' at its end");
        }
        if (path.equals("/")) {
            throw refused(given, "must not be the root itself");
        }
        String owner = taken(path);
        if (owner != null) {
            throw refused(given, "what is under " + owner + " is not the producer's");
        }
        if (path.equals(HOSTS_AND_USERS) && kind != Kind.FILE) {
            throw refused(
                    given, HOSTS_AND_USERS + " itself would hide the container's names and users");
        }
        places.add(new Place(path, kind, given));
        return path;
    }

    /** Holds the places against each other. */
    void check() {
        Map<String, Place> byPath = new HashMap<>();
        for (Place place : places) {
            if (byPath.putIfAbsent(place.path(), place) != null) {
                throw refused(place.given(), Quote.of(place.path()) + " is a target twice");
            }
        }
        for (Place place : places) {
            String path = place.path();
            for (int at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
                Place above = byPath.get(path.substring(0, at));
                String fault = above == null ? null : fault(place.kind(), above.kind());
                if (above != null && fault != null) {
                    throw refused(
                            place.given(), "lies in " + Quote.of(above.path()) + ", " + fault);
                }
            }
        }
    }

    /** Why the one must not lie in the other, or null. */
    private static @Nullable String fault(Kind inner, Kind outer) {
        return switch (outer) {
            case FILE, SECRET -> "which is a file";
            case OUTPUT ->
                    inner == Kind.FILE ? null : "which is an output: what is in it is collected";
            case MOUNT ->
                    isFile(inner) ? "which is mounted: the file would be written there" : null;
            case MEMORY -> isFile(inner) ? "which is in memory and would hide the file" : null;
        };
    }

    private static boolean isFile(Kind kind) {
        return kind == Kind.FILE || kind == Kind.SECRET;
    }

    private static RefusedException refused(Given given, String message) {
        return new RefusedException(RefusalCode.INVALID_MOUNT_TARGET, given.pointer(), message);
    }
}
