package dev.longshore.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.NodeId;
import dev.longshore.kafka.NodeIdTakenException;

import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** One executor after the other. */
@ExtendWith(VertxExtension.class)
class ExecutorLivesTest {
    private static final long DEADLINE_SECONDS = 20;

    private final List<String> steps = new CopyOnWriteArrayList<>();
    private final BlockingQueue<Consumer<Throwable>> lives = new LinkedBlockingQueue<>();
    private final CompletableFuture<Throwable> ended = new CompletableFuture<>();
    private final ExecutorLives executor;
    private volatile Future<Void> start = Future.succeededFuture();

    ExecutorLivesTest(Vertx vertx) {
        executor = new ExecutorLives(vertx, this::make, ended::complete);
    }

    @Test
    void after_a_life_that_had_to_end_another_begins() throws Exception {
        await(executor.start());
        assertThat(executor.takesCommands()).isTrue();

        life().accept(new IllegalStateException("fenced"));
        life();
        await(executor.stop());

        assertThat(steps).containsExactly("start", "stop", "start", "stop");
        assertThat(executor.takesCommands()).isFalse();
        assertThat(ended).isNotDone();
    }

    @Test
    void no_life_follows_where_another_process_is_this_node() throws Exception {
        await(executor.start());
        Consumer<Throwable> first = life();
        NodeIdTakenException taken =
                new NodeIdTakenException(new NodeId("n"), new IllegalStateException("fenced"));
        start = Future.failedFuture(taken);

        first.accept(new IllegalStateException("fenced"));

        assertThat(ended.get(DEADLINE_SECONDS, TimeUnit.SECONDS)).isSameAs(taken);
        await(executor.stop());
        assertThat(steps).containsExactly("start", "stop", "start");
    }

    @Test
    void a_first_life_that_cannot_begin_is_the_end() {
        start = Future.failedFuture("no engine");

        assertThat(executor.start().toCompletionStage().toCompletableFuture())
                .failsWithin(Duration.ofSeconds(DEADLINE_SECONDS));
    }

    private Deployable make(Consumer<Throwable> end) {
        return new VerticleBase() {
            @Override
            public Future<?> start() {
                steps.add("start");
                lives.add(end);
                return start;
            }

            @Override
            public Future<?> stop() {
                steps.add("stop");
                return Future.succeededFuture();
            }
        };
    }

    private Consumer<Throwable> life() throws InterruptedException {
        Consumer<Throwable> next = lives.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
        assertThat(next).isNotNull();
        return Objects.requireNonNull(next);
    }

    private static void await(Future<Void> done) throws Exception {
        done.toCompletionStage().toCompletableFuture().get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }
}
