package dev.longshore.kafka;

import dev.longshore.wire.CommandCodec;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;

/**
 * Commands for this node: its share of the start commands, each in custody until it is done.
 * Created, started and closed by one owner, on any thread; deliveries come on the given context.
 *
 * <p>It reads the topic {@code control} too, though only to refuse what is malformed there, so that
 * exactly one node does; acting on control commands is {@link ControlSource}'s.
 *
 * <p>It stands on Kafka's own consumer, on one thread of its own, and not on Vert.x's: before a
 * partition goes to another node, what is done must be committed inside the rebalance, and a commit
 * must not queue behind a poll. Neither can be had from vertx-kafka-client, whose rebalance
 * handlers run later on the event loop.
 */
public final class CommandSource {
    private final Context context;
    private final DeadLetterSink deadLetters;
    private final CommandLoop loop;

    /** Prepares; talks to nobody yet. */
    public CommandSource(Context context, KafkaSettings settings, CommandCodec codec) {
        this.context = context;
        this.deadLetters = new DeadLetterSink(context, settings);
        this.loop = new CommandLoop(settings, new CommandLoop.Parts(context, codec, deadLetters));
    }

    /**
     * Joins the group and begins to deliver, start commands only, each once as long as its
     * partition stays here and this process lives. {@link Delivery#replayed()} is always false:
     * whether a start was acted on before is the executor's to know. A handler that throws leaves
     * the delivery in custody.
     *
     * @return succeeds once the group has taken this node in; waits for a broker that is away
     */
    public Future<Void> start(Handler<Delivery> handler) {
        return Future.fromCompletionStage(loop.start(handler), context);
    }

    /**
     * Takes no more start commands, while staying in the group and keeping what is in custody. A
     * few records that were fetched already may still come.
     */
    public void pause() {
        loop.pause(true);
    }

    /** Goes on after {@link #pause()}. */
    public void resume() {
        loop.pause(false);
    }

    /**
     * Succeeds after {@link #close()}, or fails with {@link NodeIdTakenException} when the group
     * threw this node out for another process with the same id: nothing is delivered from then on.
     */
    public Future<Void> ended() {
        return Future.fromCompletionStage(loop.ended(), context);
    }

    /**
     * Commits what is done, leaves the group and ends its thread: within five seconds, even with
     * the broker gone.
     */
    public Future<Void> close() {
        Future<Void> left = Future.fromCompletionStage(loop.close(), context);
        return left.eventually(deadLetters::close);
    }
}
