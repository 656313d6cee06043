package dev.longshore.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.job.ExecAnswer;
import dev.longshore.job.ExecutionId;
import dev.longshore.job.LiveUsage;
import dev.longshore.job.RefusalCode;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Collectors;

class BusTest {
    private static final ExecutionId ID = new ExecutionId("e1");

    private final Vertx vertx = Vertx.vertx();
    private final Owner owner = new Owner();
    private final BusClient client = new BusClient(vertx);

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void the_owner_answers_on_its_own_context_and_the_asker_hears_on_its_own() {
        deploy();
        Context asker = vertx.getOrCreateContext();
        AtomicReference<Thread> heardOn = new AtomicReference<>();

        ExecAnswer answer =
                on(
                        asker,
                        () ->
                                client.exec(ID, List.of("id"))
                                        .onComplete(any -> heardOn.set(Thread.currentThread())));

        assertThat(answer).isEqualTo(new ExecAnswer(3, "[id]", "", false));
        assertThat(owner.askedOn.get()).isSameAs(owner.own.get());
        Thread askers = on(asker, () -> Future.succeededFuture(Thread.currentThread()));
        assertThat(heardOn.get()).isSameAs(askers).isNotSameAs(owner.own.get());
        assertThat(on(asker, () -> client.stats(ID)).pids()).isEqualTo(7);
    }

    @Test
    void a_refusal_keeps_its_code_and_its_words() {
        deploy();
        owner.failure = new OwnRefusal(RefusalCode.NOT_PERMITTED, "not here");
        assertThatThrownBy(() -> asked(() -> client.exec(ID, List.of("id"))))
                .cause()
                .isInstanceOfSatisfying(
                        OwnRefusal.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(RefusalCode.NOT_PERMITTED))
                .hasMessage("not here");
        owner.failure = new OwnUnavailable("the engine is away");
        assertThatThrownBy(() -> asked(() -> client.stats(ID)))
                .cause()
                .isInstanceOf(OwnUnavailable.class)
                .hasMessage("the engine is away");
        owner.failure = new IllegalStateException("a secret");
        assertThatThrownBy(() -> asked(() -> client.stats(ID)))
                .cause()
                .isInstanceOf(OwnUnavailable.class)
                .hasMessageNotContaining("secret");
    }

    @Test
    void where_no_owner_takes_questions_the_asker_is_told() {
        assertThatThrownBy(() -> asked(() -> client.stats(ID)))
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOf(OwnUnavailable.class)
                .hasMessageContaining("does not run");
    }

    @Test
    void a_download_gives_every_buffer_in_order_and_its_end() {
        deploy();
        Buffer all =
                asked(() -> client.output(ID, "out").compose(download -> whole(download.bytes())));
        StringBuilder wanted = new StringBuilder();
        for (int i = 0; i < ScriptedStream.BUFFERS; i++) {
            wanted.append(i).append(' ');
        }
        assertThat(all).hasToString(wanted.toString());
    }

    @Test
    void a_reader_that_pauses_holds_the_owner_back_and_one_that_leaves_closes() throws Exception {
        deploy();
        Download download = asked(() -> client.output(ID, "out"));
        CompletableFuture<Buffer> first = new CompletableFuture<>();
        Context reader = vertx.getOrCreateContext();
        Download mine = on(reader, () -> client.output(ID, "out"));
        on(
                reader,
                () -> {
                    mine.bytes().pause();
                    mine.bytes().handler(first::complete);
                    mine.bytes().fetch(1);
                    return Future.succeededFuture();
                });
        assertThat(first.get(10, TimeUnit.SECONDS)).hasToString("0 ");
        assertThat(owner.stream.given()).as("at most one is on its way").isLessThanOrEqualTo(2);
        on(
                reader,
                () -> {
                    mine.close();
                    download.close();
                    return Future.succeededFuture();
                });
        assertThat(owner.closed.get(10, TimeUnit.SECONDS)).isTrue();
    }

    private static Future<Buffer> whole(ReadStream<Buffer> bytes) {
        Future<Buffer> all =
                bytes.collect(Collectors.reducing(Buffer.buffer(), Buffer::appendBuffer));
        bytes.resume();
        return all;
    }

    private void deploy() {
        vertx.deployVerticle(owner).toCompletionStage().toCompletableFuture().join();
    }

    private <T> T asked(Supplier<Future<T>> question) {
        return on(vertx.getOrCreateContext(), question);
    }

    private static <T> T on(Context context, Supplier<Future<T>> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        context.runOnContext(
                v -> question.get().onComplete(answer::complete, answer::completeExceptionally));
        return answer.orTimeout(10, TimeUnit.SECONDS).join();
    }

    /** Answers as told, and notes where it was asked. */
    private static final class Owner extends VerticleBase implements OwnExecutions {
        final AtomicReference<Thread> own = new AtomicReference<>();
        final AtomicReference<Thread> askedOn = new AtomicReference<>();
        final CompletableFuture<Boolean> closed = new CompletableFuture<>();
        volatile ScriptedStream stream = new ScriptedStream();
        volatile RuntimeException failure = new IllegalStateException("none");

        private boolean fails() {
            return !String.valueOf(failure.getMessage()).equals("none");
        }

        @Override
        public Future<?> start() {
            own.set(Thread.currentThread());
            BusDesk.open(vertx, this);
            return Future.succeededFuture();
        }

        @Override
        public Future<ExecAnswer> exec(ExecutionId executionId, List<String> command) {
            askedOn.set(Thread.currentThread());
            return fails()
                    ? Future.failedFuture(failure)
                    : Future.succeededFuture(new ExecAnswer(3, command.toString(), "", false));
        }

        @Override
        public Future<LiveUsage> stats(ExecutionId executionId) {
            return fails()
                    ? Future.failedFuture(failure)
                    : Future.succeededFuture(
                            new LiveUsage(Instant.EPOCH, 1, 2, 3, 4, 7, 0, 0, 0, 0));
        }

        @Override
        public Future<Download> output(ExecutionId executionId, String name) {
            stream = new ScriptedStream();
            return Future.succeededFuture(new Download(stream, () -> closed.complete(true)));
        }
    }
}
