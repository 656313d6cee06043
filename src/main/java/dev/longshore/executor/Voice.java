package dev.longshore.executor;

import dev.longshore.kafka.EventSink;

/**
 * How a journal speaks and tells the time.
 *
 * @param sink where events go
 * @param timers what time it is
 */
record Voice(EventSink sink, Timers timers) {}
