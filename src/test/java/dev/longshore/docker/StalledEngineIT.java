package dev.longshore.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.testing.SocketProxy;
import dev.longshore.testing.SocketProxy.Mode;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.net.SocketAddress;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** An engine that stops answering, or drops its connections, seen from this side of the socket. */
class StalledEngineIT extends RealEngine {
    @TempDir Path directory;

    private SocketProxy proxy;
    private Docker far;

    @BeforeEach
    void openProxy() {
        String socket = directory.resolve("p.sock").toString();
        SocketAddress target = EngineHttp.addressOf(settings().host());
        proxy =
                ask(
                        () ->
                                SocketProxy.open(
                                        vertx, SocketAddress.domainSocketAddress(socket), target));
        far =
                DockerJava.create(
                        vertx,
                        settings()
                                .withHost(URI.create("unix://" + socket))
                                .withDeadline(Duration.ofSeconds(2)));
        // The first call loads classes, which may take longer than this deadline: its answer does
        // not matter.
        ask(() -> far.ping().transform(_ -> Future.succeededFuture()));
    }

    @AfterEach
    void closeProxy() {
        ask(far::close);
        ask(proxy::close);
    }

    private static long threads() throws Exception {
        try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
            return tasks.count();
        }
    }

    @Test
    void every_call_ends_by_its_deadline_and_threads_do_not_grow() throws Exception {
        warmUp();
        long before = threads();
        proxy.mode(Mode.STALL);
        long most = 0;
        List<Throwable> failures = new ArrayList<>();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (System.nanoTime() < end) {
            List<Future<?>> calls = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                calls.add(asked(far::ping));
                calls.add(asked(() -> far.inspect("x")));
                calls.add(asked(() -> far.remove("x")));
                calls.add(asked(() -> far.stop("x", "SIGTERM", Duration.ofSeconds(1))));
            }
            for (Future<?> call : calls) {
                failures.add(
                        await(call.transform(answer -> Future.succeededFuture(answer.cause()))));
            }
            most = Math.max(most, threads());
        }
        assertThat(failures)
                .hasSizeGreaterThan(240)
                .hasOnlyElementsOfType(DockerFailure.Unreachable.class);
        assertThat(most).isLessThanOrEqualTo(before + 2);
        proxy.mode(Mode.PASS);
        assertThat(ask(far::ping)).isNull();
    }

    /** Fills both pools, so that what is counted afterwards is growth. */
    private void warmUp() {
        List<Future<?>> calls = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            calls.add(asked(far::ping));
            calls.add(asked(() -> far.remove("no-such-container")));
        }
        calls.forEach(this::await);
    }

    @Test
    void a_log_and_a_wait_outlive_broken_connections() {
        String id =
                started(
                        "for i in 1 2 3 4 5 6; do echo line $i; sleep 0.5; done; printf last; exit"
                                + " 7");
        Lines lines = new Lines();
        Promise<Void> second = Promise.promise();
        Future<Integer> exit = asked(() -> far.awaitExit(id));
        LogFollow follow =
                ask(
                        () ->
                                Future.succeededFuture(
                                        far.follow(
                                                Lines.of(id),
                                                batch -> {
                                                    lines.accept(batch);
                                                    if (lines.records.size() >= 2) {
                                                        second.tryComplete();
                                                    }
                                                })));
        await(second.future());
        proxy.mode(Mode.RESET);
        proxy.mode(Mode.PASS);
        assertThat(await(exit)).isEqualTo(7);
        assertThat(ask(follow::end)).isEqualTo(new LogEnd(7, true));
        assertThat(lines.texts())
                .containsExactly(
                        "out|line 1",
                        "out|line 2",
                        "out|line 3",
                        "out|line 4",
                        "out|line 5",
                        "out|line 6",
                        "out|last+");
    }

    @Test
    void an_archive_of_an_engine_that_stalls_fails_and_one_that_breaks_too() {
        String id = started("head -c 50000000 /dev/zero > /tmp/zeros");
        ask(() -> docker.awaitExit(id));
        Archive stalled = ask(() -> far.copyOut(id, "/tmp/zeros"));
        proxy.mode(Mode.STALL);
        assertThatThrownBy(() -> ask(() -> TarText.read(stalled)))
                .isInstanceOf(DockerFailure.Unreachable.class)
                .hasMessageContaining("silent for 2 s");
        proxy.mode(Mode.PASS);
        Archive broken = ask(() -> far.copyOut(id, "/tmp/zeros"));
        proxy.mode(Mode.RESET);
        assertThatThrownBy(() -> ask(() -> TarText.read(broken)))
                .isInstanceOf(DockerFailure.Unreachable.class);
        proxy.mode(Mode.PASS);
    }

    @Test
    void an_engine_that_drops_every_connection_is_unreachable_and_comes_back() {
        ask(far::ping);
        proxy.mode(Mode.RESET);
        assertThatThrownBy(() -> ask(far::ping)).isInstanceOf(DockerFailure.Unreachable.class);
        proxy.mode(Mode.PASS);
        // The first call may meet a pooled connection that is dead: it is not repeated here, but
        // the next one works.
        await(asked(far::ping).transform(_ -> Future.succeededFuture()));
        assertThat(ask(far::ping)).isNull();
    }
}
