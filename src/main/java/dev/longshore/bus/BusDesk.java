package dev.longshore.bus;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the owner of executions takes the questions of its process: each is answered on the context
 * that opened the desk. One desk a process.
 */
public final class BusDesk {
    /** In place of a {@code RefusalCode}'s number: what failed is no refusal. */
    static final int UNAVAILABLE = -1;

    private static final Logger LOG = LoggerFactory.getLogger(BusDesk.class);

    private final Context context;
    private final OwnExecutions own;
    private final DeliveryOptions options;
    private final MessageConsumer<Object> questions;

    private BusDesk(Vertx vertx, OwnExecutions own) {
        this.context = vertx.getOrCreateContext();
        this.own = own;
        this.options = ByReference.options(vertx);
        this.questions = vertx.eventBus().localConsumer(Question.ADDRESS, this::answer);
    }

    /** Takes questions from now on, on the calling context. */
    public static BusDesk open(Vertx vertx, OwnExecutions own) {
        return new BusDesk(vertx, own);
    }

    /** Takes no more. */
    public Future<Void> close() {
        return questions.unregister();
    }

    private void answer(Message<Object> message) {
        Future<?> answer =
                switch ((Question) message.body()) {
                    case Question.Exec exec -> own.exec(exec.executionId(), exec.command());
                    case Question.Stats stats -> own.stats(stats.executionId());
                    case Question.Output output -> offer(output);
                };
        answer.onSuccess(given -> message.reply(given, options))
                .onFailure(failure -> fail(message, failure));
    }

    private Future<Question.Offered> offer(Question.Output output) {
        return own.output(output.executionId(), output.name())
                .map(
                        download -> {
                            Question.Offered offered = new Question.Offered(context, download);
                            output.offered().complete(offered);
                            return offered;
                        });
    }

    private static void fail(Message<Object> message, Throwable failure) {
        switch (failure) {
            case OwnRefusal refusal -> message.fail(refusal.code().ordinal(), refusal.getMessage());
            case OwnUnavailable unavailable -> message.fail(UNAVAILABLE, unavailable.getMessage());
            default -> {
                LOG.error("A question about an execution of this node failed", failure);
                message.fail(UNAVAILABLE, "this should not have happened; the log says more");
            }
        }
    }
}
