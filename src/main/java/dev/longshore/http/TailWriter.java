package dev.longshore.http;

import dev.longshore.board.LogTail;
import dev.longshore.board.TailRecord;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Takes the records of one tail to one client, never faster than the client reads. On the event
 * loop of the connection.
 */
final class TailWriter {
    private static final Logger LOG = LoggerFactory.getLogger(TailWriter.class);
    private static final int POLL_BYTES = TailOutput.MAX_WRITE_BYTES / 2;

    /** What has fewer bytes than this is copied to be sent with others. */
    private static final int COPIED_BYTES = 8 << 10;

    private final Vertx vertx;
    private final LogTail tail;
    private final TailOutput output;
    private final TailEncoder encoder;
    private final Runnable whenOver;
    private final Deque<Buffer> ready = new ArrayDeque<>();
    private TailRecord.@Nullable Last last;
    private long timer = -1;
    private long stallTimer = -1;
    private long stallMillis;
    private boolean over;
    private boolean anyLine;
    private boolean expired;

    /**
     * @param vertx for its timers
     * @param tail the records; closed here
     * @param output the client
     * @param encoder the form
     * @param whenOver told once, when nothing is left to do
     */
    TailWriter(
            Vertx vertx, LogTail tail, TailOutput output, TailEncoder encoder, Runnable whenOver) {
        this.vertx = vertx;
        this.tail = tail;
        this.output = output;
        this.encoder = encoder;
        this.whenOver = whenOver;
    }

    /**
     * Begins; from now on the client is pinged, and cut off where it takes nothing for too long.
     */
    void start(HttpSettings settings) {
        timer = vertx.setPeriodic(settings.pingInterval().toMillis(), id -> output.ping());
        stallMillis = settings.stallTimeout().toMillis();
        pump();
    }

    /** Writes on: the tail has something, or the client has made room. */
    void pump() {
        while (!over) {
            if (output.full()) {
                tail.blocked();
                watchForStall();
                return;
            }
            stopWatching();
            Buffer next = next();
            if (next != null) {
                output.write(next);
            } else {
                if (last != null) {
                    finish(last);
                }
                return;
            }
        }
    }

    /** The client has gone. */
    void close() {
        if (!over) {
            over = true;
            tail.close();
            vertx.cancelTimer(timer);
            stopWatching();
            ready.clear();
            whenOver.run();
        }
    }

    /** This node stops. */
    void goAway() {
        close();
        output.goingAway();
    }

    private @Nullable Buffer next() {
        while (ready.isEmpty() && last == null) {
            List<TailRecord> some = tail.poll(POLL_BYTES);
            if (some.isEmpty()) {
                return null;
            }
            encode(some);
        }
        return ready.pollFirst();
    }

    private void encode(List<TailRecord> some) {
        Buffer message = Buffer.buffer();
        for (TailRecord entry : some) {
            notice(entry);
            for (Buffer encoded : encoder.encode(entry)) {
                boolean asItIs = encoded.length() >= COPIED_BYTES;
                int together = message.length() + encoded.length();
                if (message.length() > 0 && (asItIs || together > TailOutput.MAX_WRITE_BYTES)) {
                    ready.addLast(message);
                    message = Buffer.buffer();
                }
                if (asItIs) {
                    ready.addLast(encoded);
                } else {
                    message.appendBuffer(encoded);
                }
            }
            if (entry instanceof TailRecord.Last end) {
                last = end;
            }
        }
        if (message.length() > 0) {
            ready.addLast(message);
        }
    }

    private void notice(TailRecord entry) {
        anyLine |= entry instanceof TailRecord.Line || entry instanceof TailRecord.Lines;
        expired |=
                entry instanceof TailRecord.Gap gap
                        && gap.reason().equals(TailRecord.Gap.RETENTION);
    }

    private void finish(TailRecord.Last end) {
        if (end instanceof TailRecord.Broken(Throwable cause)) {
            LOG.warn("A log could not be read on", cause);
        }
        close();
        if (end instanceof TailRecord.End && expired && !anyLine) {
            output.gone();
        } else {
            output.end(end);
        }
    }

    private void watchForStall() {
        if (stallTimer < 0) {
            stallTimer =
                    vertx.setTimer(
                            stallMillis,
                            id -> {
                                stallTimer = -1;
                                close();
                                output.stalled();
                            });
        }
    }

    private void stopWatching() {
        if (stallTimer >= 0) {
            vertx.cancelTimer(stallTimer);
            stallTimer = -1;
        }
    }
}
