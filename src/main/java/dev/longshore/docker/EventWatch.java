package dev.longshore.docker;

import io.vertx.core.Future;

/** One listening to an engine's events. Both methods may be called from any thread. */
public interface EventWatch {
    /** Listens no longer: nothing is told after {@link #end()} completes. May be called twice. */
    void close();

    /**
     * Completed on the context that asked, after {@link #close()} of this or of the engine. Never
     * fails: a stream that breaks is told and opened again.
     */
    Future<Void> end();
}
