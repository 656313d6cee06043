package dev.longshore.docker;

import dev.longshore.docker.ContainerView.State;
import dev.longshore.job.LogStream;

import io.vertx.core.Promise;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** One container of {@link FakeDocker}; guarded by the fake's own lock. */
final class FakeContainer {
    /** A line of its log. */
    record Said(LogStream stream, Instant time, byte[] bytes) {}

    final String id;
    final ContainerSpec spec;
    final FakeProgram program;
    final List<Said> log = new ArrayList<>();
    final List<Promise<Integer>> waiters = new ArrayList<>();
    final List<FakeFollow> followers = new ArrayList<>();
    State state = State.CREATED;
    int exitCode;
    boolean oomKilled;
    @Nullable Instant startedAt;
    @Nullable Instant finishedAt;
    String error = "";
    boolean removed;

    FakeContainer(String id, ContainerSpec spec, FakeProgram program) {
        this.id = id;
        this.spec = spec;
        this.program = program;
    }

    boolean alive() {
        return state == State.RUNNING || state == State.PAUSED;
    }

    void say(LogStream stream, String text) {
        log.add(new Said(stream, Instant.now(), text.getBytes(StandardCharsets.UTF_8)));
        followers.forEach(FakeFollow::wake);
    }

    void end(int code, boolean oom) {
        if (!alive()) {
            return;
        }
        state = State.EXITED;
        exitCode = code;
        oomKilled = oom;
        finishedAt = Instant.now();
        waiters.forEach(waiter -> waiter.tryComplete(code));
        waiters.clear();
        followers.forEach(FakeFollow::wake);
    }

    ContainerView view(String imageId) {
        return new ContainerView(
                id,
                spec.name(),
                state,
                exitCode,
                oomKilled,
                startedAt,
                finishedAt,
                error,
                imageId,
                spec.labels());
    }
}
