package dev.longshore.executor;

/** A place in the line for capacity, of one execution. On the executor's context. */
interface Place {
    /** Waits for capacity; {@link ExecutionHandler#begin} is called when it is there. */
    void join();

    /** Gives back what was granted, or waits no longer. */
    void leave();
}
