package dev.longshore.docker;

import dev.longshore.job.LogStream;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a container of {@link FakeDocker} does: says its lines when it starts, then ends at once,
 * after a while, or when it is told to. Immutable.
 *
 * @param lines said at the start, in this order
 * @param exitCode of an end of its own
 * @param lasts how long it runs, null for until it is signalled or ended by the test
 * @param ignoresTerm whether only SIGKILL ends it
 * @param oomKilled whether its end is the kernel's
 * @param startFails fails its start with this exit code, 0 for a start that works
 * @param files written at the start, by path
 */
public record FakeProgram(
        List<Said> lines,
        int exitCode,
        @Nullable Duration lasts,
        boolean ignoresTerm,
        boolean oomKilled,
        int startFails,
        Map<String, byte[]> files) {
    /** A line that it says. */
    public record Said(LogStream stream, String text) {}

    public FakeProgram {
        lines = List.copyOf(lines);
        files = Map.copyOf(files);
    }

    /** Ends at once with this code. */
    public static FakeProgram exits(int code) {
        return new FakeProgram(List.of(), code, Duration.ZERO, false, false, 0, Map.of());
    }

    /** Runs until it gets a signal, or the test ends it. */
    public static FakeProgram untilStopped() {
        return new FakeProgram(List.of(), 0, null, false, false, 0, Map.of());
    }

    /** Ends after so long with code 0. */
    public static FakeProgram lasting(Duration time) {
        return new FakeProgram(List.of(), 0, time, false, false, 0, Map.of());
    }

    /** Killed by the kernel at once, with code 137. */
    public static FakeProgram outOfMemory() {
        return new FakeProgram(List.of(), 137, Duration.ZERO, false, true, 0, Map.of());
    }

    /** Cannot be started: 126 or 127. */
    public static FakeProgram cannotStart(int code) {
        return new FakeProgram(List.of(), code, Duration.ZERO, false, false, code, Map.of());
    }

    public FakeProgram out(String line) {
        return says(LogStream.STDOUT, line);
    }

    public FakeProgram err(String line) {
        return says(LogStream.STDERR, line);
    }

    public FakeProgram ignoringTerm() {
        return new FakeProgram(lines, exitCode, lasts, true, oomKilled, startFails, files);
    }

    /** The same, that also writes a file when it starts. */
    public FakeProgram writing(String path, byte[] content) {
        Map<String, byte[]> more = new HashMap<>(files);
        more.put(path, content);
        return new FakeProgram(lines, exitCode, lasts, ignoresTerm, oomKilled, startFails, more);
    }

    private FakeProgram says(LogStream stream, String line) {
        List<Said> more = new ArrayList<>(lines);
        more.add(new Said(stream, line));
        return new FakeProgram(more, exitCode, lasts, ignoresTerm, oomKilled, startFails, files);
    }
}
