package dev.longshore.board;

import io.vertx.core.Context;
import io.vertx.core.Handler;

import java.util.List;

/**
 * One reader of one execution's log, wherever it runs. Belongs to the context that opened it: there
 * it is told that there is something to read, and there the reader takes records with {@link
 * #poll}, as fast as it can write them on. The reader closes the tail in every case.
 */
public final class LogTail implements AutoCloseable {
    /** The most lines that can be asked for by number. */
    public static final int MAX_LINES = TailSurvey.MAX_LINES;

    private final Context reader;
    private final TailQueue queue;
    private final Handler<Void> readable;
    private Runnable whenDrained = () -> {};
    private Runnable whenClosed = () -> {};
    private boolean closed;

    /**
     * @param reader the reader's context
     * @param maxQueuedBytes most bytes that wait for the reader
     * @param readable told on the reader's context, once, after {@link #poll} gave nothing and
     *     there is something
     */
    LogTail(Context reader, int maxQueuedBytes, Handler<Void> readable) {
        this.reader = reader;
        this.readable = readable;
        this.queue = new TailQueue(maxQueuedBytes, this::wake, () -> whenDrained.run());
    }

    /**
     * The next records, about {@code limitBytes} of lines and at least one; empty where there is
     * none now, after which the reader is told when there is. After a {@link TailRecord.Last}
     * nothing comes.
     */
    public List<TailRecord> poll(int limitBytes) {
        return closed ? List.of() : queue.poll(limitBytes);
    }

    /**
     * Says that the reader's client takes nothing now. From here to the next {@link #poll} only so
     * much waits for it as the settings allow; without it some more, as it is not the client who is
     * late.
     */
    public void blocked() {
        queue.blocked();
    }

    /** Lets go of everything. May be called twice; on the reader's context. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            whenClosed.run();
        }
    }

    TailQueue queue() {
        return queue;
    }

    /** Set before the first record comes. */
    void bind(Runnable drained, Runnable onClose) {
        whenDrained = drained;
        whenClosed = onClose;
    }

    private void wake() {
        reader.runOnContext(
                v -> {
                    if (!closed) {
                        readable.handle(null);
                    }
                });
    }
}
