package dev.longshore.bus;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;

import java.util.Objects;

/**
 * Bytes to be had, on the context of the one who got it.
 *
 * @param bytes not read yet, and paused
 * @param closer lets go of what the bytes come from; may run twice
 */
public record Download(ReadStream<Buffer> bytes, Runnable closer) implements AutoCloseable {
    /** Refuses nulls by name. */
    public Download {
        Objects.requireNonNull(bytes, "bytes");
        Objects.requireNonNull(closer, "closer");
    }

    @Override
    public void close() {
        closer.run();
    }
}
