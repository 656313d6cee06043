package dev.longshore.executor;

import dev.longshore.executor.MountPolicy.Resolved;
import dev.longshore.executor.Policy.Verdict;
import dev.longshore.job.Input;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where the sources of binds really are, judged once. Blocks on the disk: one worker thread. The
 * rule stands at {@link MountPolicy#resolve}.
 */
final class MountResolution {
    private static final List<Path> KEPT_OUT =
            List.of(
                    Path.of("/"),
                    Path.of("/proc"),
                    Path.of("/sys"),
                    Path.of("/dev"),
                    Path.of("/run"),
                    Path.of("/var/run"),
                    Path.of("/boot"),
                    Path.of("/etc"));

    private final MountPolicy policy;
    private final Set<Path> keptOut = new HashSet<>();

    MountResolution(MountPolicy policy, Set<Path> keepOut) {
        this.policy = policy;
        KEPT_OUT.forEach(this::keepOut);
        keepOut.forEach(this::keepOut);
    }

    /** By both names: where a place is a link, neither it nor what it leads to can be had. */
    private void keepOut(Path place) {
        Path named = place.toAbsolutePath().normalize();
        keptOut.add(named);
        try {
            keptOut.add(named.toRealPath());
        } catch (IOException missing) {
            // What is not there has no other name.
            keptOut.add(named);
        }
    }

    Resolved of(List<Input> inputs) {
        Optional<Verdict> byName = policy.judge(inputs);
        if (byName.isPresent()) {
            return new Resolved.Refused(byName.get());
        }
        Map<Integer, Path> sources = new HashMap<>();
        for (int i = 0; i < inputs.size(); i++) {
            if (inputs.get(i) instanceof Input.Bind bind) {
                try {
                    sources.put(i, resolve(bind));
                } catch (Refusal refusal) {
                    String message = bind.source() + " " + refusal.getMessage();
                    return new Resolved.Refused(new Verdict("/inputs/" + i + "/source", message));
                }
            }
        }
        return new Resolved.Allowed(sources);
    }

    private Path resolve(Input.Bind bind) throws Refusal {
        Path real = realPath(Path.of(bind.source()));
        List<Path> roots = realRoots(policy.roots(bind));
        List<Path> over = roots.stream().filter(real::startsWith).toList();
        if (over.isEmpty()) {
            throw new Refusal("leads out of what may be mounted here");
        }
        for (Path place : keptOut) {
            boolean holds = place.startsWith(real);
            boolean within = real.startsWith(place);
            if (holds || (within && over.stream().noneMatch(root -> deeper(root, place)))) {
                throw new Refusal("is, holds or lies in a place that no job may have");
            }
        }
        return real;
    }

    private static boolean deeper(Path root, Path place) {
        return root.startsWith(place) && !root.equals(place);
    }

    private static Path realPath(Path source) throws Refusal {
        try {
            Path real = source.toRealPath();
            BasicFileAttributes kind =
                    Files.readAttributes(
                            real, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (!kind.isDirectory() && !kind.isRegularFile()) {
                throw new Refusal("is neither a directory nor a regular file");
            }
            return real;
        } catch (NoSuchFileException | NotDirectoryException missing) {
            throw new Refusal("does not exist on this node");
        } catch (AccessDeniedException denied) {
            throw new Refusal("may not be read by this node");
        } catch (IOException failure) {
            throw new Refusal("cannot be looked at: " + failure.getMessage());
        }
    }

    /** Of those that are there: nothing can lie under one that is not. */
    private static List<Path> realRoots(List<Path> roots) {
        List<Path> real = new ArrayList<>();
        for (Path root : roots) {
            try {
                real.add(root.toRealPath());
            } catch (IOException missing) {
                continue;
            }
        }
        return real;
    }

    /** Why a source may not be had. */
    private static final class Refusal extends Exception {
        private static final long serialVersionUID = 1L;

        private Refusal(String message) {
            super(message, null, false, false);
        }
    }
}
