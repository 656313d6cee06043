package dev.longshore.docker;

import dev.longshore.docker.ContainerView.State;
import dev.longshore.docker.EngineEvent.Action;
import dev.longshore.job.LogStream;
import dev.longshore.job.PortBinding;

import io.vertx.core.Promise;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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
    final FakeFiles files = new FakeFiles();
    long otherBytes;
    final String imageId;
    private final FakeEvents events;

    FakeContainer(
            String id, String imageId, ContainerSpec spec, FakeProgram program, FakeEvents events) {
        this.events = events;
        this.id = id;
        this.imageId = imageId;
        this.spec = spec;
        this.program = program;
        spec.mounts().forEach(mount -> files.put(CopyEntry.directory(mount.target(), 0755)));
    }

    boolean alive() {
        return state == State.RUNNING || state == State.PAUSED;
    }

    void say(LogStream stream, String text) {
        log.add(new Said(stream, Instant.now(), text.getBytes(StandardCharsets.UTF_8)));
        followers.forEach(FakeFollow::wake);
    }

    /** Ends it, and tells of it. */
    void end(int code, boolean oom) {
        if (!alive()) {
            return;
        }
        if (oom) {
            events.tell(this, Action.OOM);
        }
        endSilently(code, oom);
        events.tell(this, Action.DIE, code, null);
    }

    /** Ends it as an engine does that is only just being started. */
    void endSilently(int code, boolean oom) {
        state = State.EXITED;
        exitCode = code;
        oomKilled = oom;
        finishedAt = Instant.now();
        waiters.forEach(waiter -> waiter.tryComplete(code));
        waiters.clear();
        followers.forEach(FakeFollow::wake);
    }

    ContainerView view() {
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
                spec.labels(),
                alive() ? ports() : List.of());
    }

    /** As an engine refuses: a read-only root takes only what lies in mounts. */
    void copyIn(List<CopyEntry> entries) {
        for (CopyEntry entry : entries) {
            boolean mounted =
                    spec.mounts().stream()
                            .anyMatch(mount -> ContainerPath.within(entry.path(), mount.target()));
            if (!mounted && spec.engine().isolation().readOnlyRootfs()) {
                throw new DockerFailure.Refused("container rootfs is marked read-only", 500);
            }
            files.put(entry instanceof CopyEntry.Stored stored ? inMemory(stored) : entry);
        }
    }

    private static CopyEntry inMemory(CopyEntry.Stored stored) {
        try {
            return CopyEntry.file(
                    stored.path(),
                    Files.readAllBytes(stored.source()),
                    stored.mode(),
                    stored.owner().uid(),
                    stored.owner().gid());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Named volumes and binds are not its own. */
    long diskBytes() {
        return otherBytes
                + files.bytes(
                        path ->
                                spec.mounts().stream()
                                        .filter(mount -> !(mount instanceof Mount.Scratch))
                                        .noneMatch(
                                                mount ->
                                                        ContainerPath.within(
                                                                path, mount.target())));
    }

    /** A port that asks for any free one gets its own number and 30000. */
    private List<PortBinding> ports() {
        return spec.engine().networking().ports().stream()
                .map(
                        port ->
                                port.hostPort() > 0
                                        ? port
                                        : new PortBinding(
                                                port.containerPort(),
                                                30_000 + port.containerPort() % 30_000,
                                                port.protocol(),
                                                port.hostIp()))
                .toList();
    }

    /** The same of every container, within its grant. */
    ContainerStats stats() {
        long limit = spec.grant().memoryBytes();
        return new ContainerStats(
                Instant.now(), 1_000_000, limit / 4, limit / 2, limit, 0, 0, 0, 0, 1);
    }
}
