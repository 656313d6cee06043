package dev.longshore.bus;

import dev.longshore.job.ExecAnswer;
import dev.longshore.job.ExecutionId;
import dev.longshore.job.LiveUsage;
import dev.longshore.job.RefusalCode;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Asks the executor of the same process, from any Vert.x context, and answers there. Has no state
 * to close.
 */
public final class BusClient implements OwnExecutions {
    private static final Duration STATS = Duration.ofSeconds(10);
    private static final Duration OUTPUT = Duration.ofSeconds(30);

    /** A command ends by itself or with its container: this only bounds what waits for it. */
    private static final Duration EXEC = Duration.ofHours(1);

    private static final RefusalCode[] CODES = RefusalCode.values();

    private final Vertx vertx;

    /** Of the Vert.x that the executor runs on. */
    public BusClient(Vertx vertx) {
        this.vertx = vertx;
    }

    @Override
    public Future<ExecAnswer> exec(ExecutionId executionId, List<String> command) {
        return ask(new Question.Exec(executionId, command), ExecAnswer.class, EXEC);
    }

    @Override
    public Future<LiveUsage> stats(ExecutionId executionId) {
        return ask(new Question.Stats(executionId), LiveUsage.class, STATS);
    }

    @Override
    public Future<Download> output(ExecutionId executionId, String name) {
        Context reader = vertx.getOrCreateContext();
        CompletableFuture<Question.Offered> offered = new CompletableFuture<>();
        return ask(new Question.Output(executionId, name, offered), Question.Offered.class, OUTPUT)
                .map(given -> Crossing.download(given, reader))
                .onFailure(late -> offered.thenAccept(Question.Offered::close));
    }

    private <T> Future<T> ask(Question question, Class<T> answer, Duration within) {
        return vertx.eventBus()
                .request(
                        Question.ADDRESS,
                        question,
                        ByReference.options(vertx).setSendTimeout(within.toMillis()))
                .map(Message::body)
                .map(answer::cast)
                .recover(failure -> Future.failedFuture(failure(failure, within)));
    }

    private static Throwable failure(Throwable failure, Duration within) {
        if (!(failure instanceof ReplyException reply)) {
            return failure;
        }
        String message = String.valueOf(reply.getMessage());
        return switch (reply.failureType()) {
            case NO_HANDLERS ->
                    new OwnUnavailable("the executor of this node does not run, or not yet");
            case TIMEOUT ->
                    new OwnUnavailable("there was no answer in " + within.toSeconds() + " s");
            default ->
                    reply.failureCode() >= 0 && reply.failureCode() < CODES.length
                            ? new OwnRefusal(CODES[reply.failureCode()], message)
                            : new OwnUnavailable(message);
        };
    }
}
