package dev.longshore.bench;

import com.fasterxml.jackson.databind.JsonNode;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A container of the simulated engine. Its program is its command's first word: {@code sleep} runs
 * until it is ended, {@code print LINES RATE [BYTES]} prints so many lines at so many a second, of
 * 100 bytes unless it says otherwise and ends, anything else ends by itself after the engine's
 * delay. Any thread.
 */
final class SimulatedContainer {
    static final int KILLED = 137;
    private static final Instant NEVER = Instant.parse("0001-01-01T00:00:00Z");

    private final String id;
    private final String name;
    private final List<String> command;
    private final String image;
    private final String labels;
    private final String hostConfig;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private String state = "created";
    private int exitCode;
    private Instant startedAt = NEVER;
    private Instant finishedAt = NEVER;

    private SimulatedContainer(String id, String name, JsonNode asked) {
        this.id = id;
        this.name = name;
        List<String> words = new ArrayList<>();
        asked.path("Cmd").forEach(word -> words.add(word.asText()));
        this.command = List.copyOf(words);
        this.image = asked.path("Image").asText();
        this.labels = asked.path("Labels").isMissingNode() ? "{}" : asked.path("Labels").toString();
        this.hostConfig = asked.path("HostConfig").toString();
    }

    static SimulatedContainer of(String id, String name, JsonNode asked) {
        return new SimulatedContainer(id, name, asked);
    }

    String id() {
        return id;
    }

    String name() {
        return name;
    }

    /** Whether this text stands in its labels. */
    boolean isLabelled(String text) {
        return labels.contains(text);
    }

    /** Starts its program; false where it was started before. */
    boolean start(Duration run) {
        lock.lock();
        try {
            if (!state.equals("created")) {
                return false;
            }
            state = "running";
            startedAt = Instant.now();
        } finally {
            lock.unlock();
        }
        if (first().equals("sleep") || first().equals("print")) {
            return true;
        }
        if (run.isZero()) {
            end(0);
        } else {
            Thread.ofVirtual().start(() -> endAfter(run));
        }
        return true;
    }

    private void endAfter(Duration run) {
        try {
            Thread.sleep(run);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        end(0);
    }

    /** Ends its program, if it runs. */
    void end(int code) {
        lock.lock();
        try {
            if (state.equals("running")) {
                state = "exited";
                exitCode = code;
                finishedAt = Instant.now();
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the program's end; its exit code. */
    int awaitEnd() throws InterruptedException {
        lock.lock();
        try {
            while (state.equals("running")) {
                changed.await();
            }
            return exitCode;
        } finally {
            lock.unlock();
        }
    }

    boolean isRunning() {
        lock.lock();
        try {
            return state.equals("running");
        } finally {
            lock.unlock();
        }
    }

    Instant startedAt() {
        lock.lock();
        try {
            return startedAt;
        } finally {
            lock.unlock();
        }
    }

    String first() {
        return command.isEmpty() ? "" : command.getFirst();
    }

    /** A word of the command as a number. */
    long number(int index) {
        return Long.parseLong(command.get(index));
    }

    /** A word of its command as a number, or this one where there is no such word. */
    long number(int index, long otherwise) {
        return index < command.size() ? number(index) : otherwise;
    }

    /** What inspect answers. */
    String inspect() {
        lock.lock();
        try {
            boolean running = state.equals("running");
            return "{\"Id\":\"%s\",\"Name\":\"/%s\",\"Image\":\"%s\",\"Created\":\"%s\","
                            .formatted(id, name, SimulatedAnswers.IMAGE_ID, NEVER)
                    + "\"State\":{\"Status\":\"%s\",\"Running\":%b,\"Paused\":false,"
                            .formatted(state, running)
                    + "\"Restarting\":false,\"OOMKilled\":false,\"Dead\":false,\"Pid\":%d,"
                            .formatted(running ? 1 : 0)
                    + "\"ExitCode\":%d,\"Error\":\"\",\"StartedAt\":\"%s\",\"FinishedAt\":\"%s\"},"
                            .formatted(exitCode, startedAt, finishedAt)
                    + "\"Config\":{\"Image\":"
                    + Json.quoted(image)
                    + ",\"Labels\":"
                    + labels
                    + "},"
                    + "\"HostConfig\":"
                    + hostConfig
                    + ",\"Mounts\":[],"
                    + "\"NetworkSettings\":{\"Ports\":{}}}";
        } finally {
            lock.unlock();
        }
    }

    /** Its line in a list. */
    String listed() {
        lock.lock();
        try {
            return "{\"Id\":\"%s\",\"Names\":[\"/%s\"],\"State\":\"%s\",\"Labels\":%s}"
                    .formatted(id, name, state, labels);
        } finally {
            lock.unlock();
        }
    }
}
