package dev.longshore.executor;

import dev.longshore.kafka.EventSink;

/**
 * How a journal speaks and tells the time, and who hears where it cannot.
 *
 * @param sink where events go
 * @param timers what time it is
 * @param guard what catches our own mistakes
 * @param echo whether what was said counts
 */
record Voice(EventSink sink, Timers timers, Guard guard, Echo echo) {
    /** The node's own, before it is an execution's: a mistake is told of in the log. */
    Voice(EventSink sink, Timers timers, Echo echo) {
        this(sink, timers, new Guard("the node", fault -> {}), echo);
    }

    /** The same of a node that has no neighbours. */
    Voice(EventSink sink, Timers timers) {
        this(sink, timers, Echo.ALONE);
    }

    /** The same, with timers that are guarded too. */
    Voice guardedBy(Guard own) {
        return new Voice(sink, own.of(timers), own, echo);
    }
}
