package dev.longshore.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

class CallsTest extends OnContext {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofMillis(50);

    private final CountDownLatch never = new CountDownLatch(1);

    private static Throwable causeOf(Future<?> future) {
        return within60Seconds(future.transform(answer -> Future.succeededFuture(answer.cause())));
    }

    private static <T> Future<T> run(Calls calls, Duration deadline, Callable<T> work) {
        return calls.run("test", deadline, System.nanoTime(), work);
    }

    @Test
    void an_answer_comes_back_and_a_failure_as_it_was_thrown() {
        Calls calls = new Calls(vertx, "calls-test-1", 2);
        assertThat(await(run(calls, LONG, () -> 7))).isEqualTo(7);
        IOException thrown = new IOException("no");
        assertThat(
                        causeOf(
                                run(
                                        calls,
                                        LONG,
                                        () -> {
                                            throw thrown;
                                        })))
                .isSameAs(thrown);
    }

    @Test
    void a_blocked_call_fails_at_its_deadline_and_its_thread_is_freed() throws Exception {
        Calls calls = new Calls(vertx, "calls-test-2", 1);
        CountDownLatch interrupted = new CountDownLatch(1);
        Future<Void> blocked =
                run(
                        calls,
                        SHORT,
                        () -> {
                            try {
                                never.await();
                            } catch (InterruptedException e) {
                                interrupted.countDown();
                                throw e;
                            }
                            return null;
                        });
        assertThat(causeOf(blocked))
                .isInstanceOf(DockerFailure.Unreachable.class)
                .hasMessageContaining("50 ms");
        interrupted.await();
        assertThat(await(run(calls, LONG, () -> Thread.currentThread().isInterrupted()))).isFalse();
    }

    @Test
    void a_call_that_never_got_a_thread_fails_at_its_deadline_and_never_runs() {
        Calls calls = new Calls(vertx, "calls-test-3", 1);
        CountDownLatch release = new CountDownLatch(1);
        Future<Void> first =
                run(
                        calls,
                        LONG,
                        () -> {
                            release.await();
                            return null;
                        });
        AtomicBoolean ran = new AtomicBoolean();
        Future<Boolean> second = run(calls, SHORT, () -> ran.getAndSet(true));
        assertThat(causeOf(second)).isInstanceOf(DockerFailure.Unreachable.class);
        release.countDown();
        await(first);
        await(run(calls, LONG, () -> 1));
        assertThat(ran).isFalse();
    }

    @Test
    void a_full_pool_does_not_delay_another() {
        Calls calls = new Calls(vertx, "calls-test-4", 2);
        Calls stops = new Calls(vertx, "calls-test-4-stop", 1);
        List<Future<Void>> stuck = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            stuck.add(
                    run(
                            calls,
                            LONG,
                            () -> {
                                never.await();
                                return null;
                            }));
        }
        assertThat(await(run(stops, LONG, () -> "stopped"))).isEqualTo("stopped");
        assertThat(stuck).noneMatch(Future::isComplete);
        never.countDown();
        stuck.forEach(this::await);
    }

    @Test
    void no_more_run_at_once_than_there_are_threads() {
        Calls calls = new Calls(vertx, "calls-test-5", 3);
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Future<Void>> all = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            all.add(
                    run(
                            calls,
                            LONG,
                            () -> {
                                most.accumulateAndGet(running.incrementAndGet(), Math::max);
                                running.decrementAndGet();
                                return null;
                            }));
        }
        all.forEach(this::await);
        assertThat(most).hasValueBetween(1, 3);
    }

    @Test
    void too_many_waiting_calls_are_refused_at_once() {
        Calls calls = new Calls(vertx, "calls-test-6", 1);
        List<Future<Void>> waiting = new ArrayList<>();
        for (int i = 0; i < Calls.MOST_PENDING; i++) {
            waiting.add(
                    run(
                            calls,
                            LONG,
                            () -> {
                                never.await();
                                return null;
                            }));
        }
        assertThat(run(calls, LONG, () -> 1).cause()).isInstanceOf(DockerFailure.Unreachable.class);
        never.countDown();
        waiting.forEach(this::await);
        assertThat(await(run(calls, LONG, () -> 1))).isEqualTo(1);
    }

    @Test
    void after_the_close_nothing_runs() {
        Calls calls = new Calls(vertx, "calls-test-7", 1);
        await(calls.close());
        assertThatThrownBy(() -> await(run(calls, LONG, () -> 1)))
                .isInstanceOf(DockerFailure.Unreachable.class);
    }
}
