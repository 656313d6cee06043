package dev.longshore.docker;

import io.vertx.core.Future;

/** One reading of a container's log. All methods are called on the context that asked for it. */
public interface LogFollow {
    /** Stops reading from the engine: the container runs on and the engine keeps its lines. May be called twice. */
    void pause();

    /** Goes on after {@link #pause()}. */
    void resume();

    /**
     * Completed after the last line was given to the sink: the container has ended and its log was read to the end, or
     * could not be ({@link LogEnd#complete()} is then false). Never fails.
     */
    Future<LogEnd> end();

    /** Gives up; {@link #end()} then completes as incomplete. */
    void close();
}
