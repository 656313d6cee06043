/**
 * Longshore runs container jobs that it is told about through Kafka. One package for each room of
 * the house.
 */
@NullMarked
package dev.longshore;

import org.jspecify.annotations.NullMarked;
