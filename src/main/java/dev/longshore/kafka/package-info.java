/** The only place that knows Kafka clients: commands in, events and lines out. */
@NullMarked
package dev.longshore.kafka;

import org.jspecify.annotations.NullMarked;
