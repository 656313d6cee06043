package dev.longshore.results;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Hands a stream's buffers from its context to one worker thread that reads them as an {@link
 * InputStream}. What waits in between is bounded by pausing the stream.
 */
final class TarFeed extends InputStream {
    private static final Logger log = LoggerFactory.getLogger(TarFeed.class);
    private static final int MOST_WAITING_BYTES = 1 << 20;
    private static final long LONGEST_SILENCE_SECONDS = 120;

    private final Context context;
    private final ReadStream<Buffer> stream;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // Under the lock.
    private final Queue<Buffer> waiting = new ArrayDeque<>();
    private long waitingBytes;
    private boolean paused;
    private boolean ended;
    private boolean released;
    private @Nullable Throwable failure;

    // The reading thread's own.
    private @Nullable Buffer current;
    private int position;

    /** Begins to take; on the stream's context. */
    TarFeed(Context context, ReadStream<Buffer> stream) {
        this.context = context;
        this.stream = stream;
        stream.exceptionHandler(this::failed);
        stream.endHandler(done -> end());
        stream.handler(this::offer);
        // A stream that was handed over before anybody listened waits paused.
        stream.resume();
    }

    /** The stream failed, before its end: not a fault of what it carried. */
    static final class Broken extends IOException {
        private static final long serialVersionUID = 1L;

        private Broken(Throwable cause) {
            super(String.valueOf(cause.getMessage()), cause);
        }
    }

    private void offer(Buffer buffer) {
        lock.lock();
        try {
            if (released || buffer.length() == 0) {
                return;
            }
            waiting.add(buffer);
            waitingBytes += buffer.length();
            changed.signal();
            if (paused || waitingBytes < MOST_WAITING_BYTES) {
                return;
            }
            paused = true;
        } finally {
            lock.unlock();
        }
        stream.pause();
    }

    private void end() {
        lock.lock();
        try {
            ended = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private void failed(Throwable cause) {
        lock.lock();
        try {
            if (!ended && failure == null) {
                failure = cause;
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, into.length);
        if (length == 0) {
            return 0;
        }
        Buffer from = current;
        if (from == null) {
            from = take();
            if (from == null) {
                return -1;
            }
            position = 0;
        }
        int count = Math.min(length, from.length() - position);
        from.getBytes(position, position + count, into, offset);
        position += count;
        current = position == from.length() ? null : from;
        return count;
    }

    private @Nullable Buffer take() throws IOException {
        lock.lock();
        try {
            long patience = TimeUnit.SECONDS.toNanos(LONGEST_SILENCE_SECONDS);
            while (waiting.isEmpty()) {
                if (failure != null) {
                    throw new Broken(failure);
                }
                if (ended || released) {
                    return null;
                }
                if (patience <= 0) {
                    throw new Broken(
                            new IOException(
                                    "nothing came for " + LONGEST_SILENCE_SECONDS + " seconds"));
                }
                patience = changed.awaitNanos(patience);
            }
            Buffer next = waiting.remove();
            waitingBytes -= next.length();
            if (paused && waitingBytes < MOST_WAITING_BYTES / 2) {
                paused = false;
                context.runOnContext(now -> resume());
            }
            return next;
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the node stops");
        } finally {
            lock.unlock();
        }
    }

    /** On the context: pause and resume of a stream never cross. */
    private void resume() {
        lock.lock();
        try {
            if (paused || released) {
                return;
            }
        } finally {
            lock.unlock();
        }
        stream.resume();
    }

    /** Nobody reads any more: a stream that has not ended is stopped. On the context. */
    void release() {
        boolean over;
        lock.lock();
        try {
            released = true;
            over = ended || failure != null;
            waiting.clear();
            changed.signal();
        } finally {
            lock.unlock();
        }
        if (over) {
            return;
        }
        stream.pause();
        if (stream instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (Exception refused) {
                log.warn("the stream of an output could not be closed: {}", refused.toString());
            }
        }
    }
}
