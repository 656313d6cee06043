package dev.longshore.kafka;

import dev.longshore.wire.CommandCodec;

import io.vertx.core.Context;
import io.vertx.core.Handler;

import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.UnreleasedInstanceIdException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The one thread of {@link CommandSource}: one {@link CommandSession} after the other, a new one
 * with a new consumer where the last one failed. The public methods may be called from any thread.
 */
final class CommandLoop {
    private static final Logger LOG = LoggerFactory.getLogger(CommandLoop.class);
    private static final long BACKOFF_MILLIS = 1_000;

    private final KafkaSettings settings;
    private final Parts parts;
    private final CompletableFuture<Void> joined = new CompletableFuture<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;
    private volatile boolean paused;
    private volatile @Nullable Handler<Delivery> handler;

    /** What a session works with. */
    record Parts(Context context, CommandCodec codec, DeadLetterSink deadLetters) {}

    CommandLoop(KafkaSettings settings, Parts parts) {
        this.settings = settings;
        this.parts = parts;
        this.thread = Thread.ofPlatform().daemon().name("longshore-commands").unstarted(this::run);
    }

    CompletionStage<Void> start(Handler<Delivery> receiver) {
        handler = receiver;
        thread.start();
        return joined;
    }

    void pause(boolean value) {
        paused = value;
    }

    boolean isPaused() {
        return paused;
    }

    boolean isOpen() {
        return closing.getCount() > 0;
    }

    Handler<Delivery> receiver() {
        return Objects.requireNonNull(handler, "handler");
    }

    /** Called by the session once the group has taken this node in. */
    void joined() {
        joined.complete(null);
    }

    CompletionStage<Void> ended() {
        return ended;
    }

    CompletionStage<Void> close() {
        closing.countDown();
        if (thread.getState() == Thread.State.NEW) {
            ended.complete(null);
        }
        // However it ended, closing it is no failure.
        return ended.exceptionally(failure -> null);
    }

    private void run() {
        RuntimeException fatal = null;
        while (isOpen() && fatal == null) {
            fatal = session();
        }
        joined.completeExceptionally(
                fatal != null
                        ? fatal
                        : new IllegalStateException("closed before the group took this node in"));
        if (fatal == null) {
            ended.complete(null);
        } else {
            ended.completeExceptionally(fatal);
        }
    }

    /** One consumer's life; returns why no other may follow, or null. */
    private @Nullable RuntimeException session() {
        try {
            Map<String, Object> properties =
                    new HashMap<>(ClientProperties.groupConsumer(settings));
            CommandSession session =
                    new CommandSession(this, settings, parts, new KafkaConsumer<>(properties));
            session.run();
            return null;
        } catch (FencedInstanceIdException | UnreleasedInstanceIdException taken) {
            LOG.error("the group serves another process with the node id {}", settings.nodeId());
            return new NodeIdTakenException(settings.nodeId(), taken);
        } catch (RuntimeException failure) {
            LOG.warn(
                    "reading commands failed, a new consumer follows in {} ms",
                    BACKOFF_MILLIS,
                    failure);
            return backOff();
        }
    }

    private @Nullable RuntimeException backOff() {
        try {
            if (closing.await(BACKOFF_MILLIS, TimeUnit.MILLISECONDS)) {
                LOG.debug("closed while backing off");
            }
            return null;
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            return new IllegalStateException(
                    "the thread that reads commands was interrupted", interrupt);
        }
    }
}
