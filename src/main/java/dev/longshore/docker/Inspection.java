package dev.longshore.docker;

import io.vertx.core.Future;

import java.time.Duration;
import java.util.function.Function;

/**
 * How what streams looks at its container when its stream has ended.
 *
 * @param inspect answers the container by its id
 * @param deadline how long the engine may take for the first byte of an answer to a stream
 */
record Inspection(Function<String, Future<ContainerView>> inspect, Duration deadline) {}
