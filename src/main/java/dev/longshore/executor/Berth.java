package dev.longshore.executor;

import dev.longshore.docker.Docker;
import dev.longshore.kafka.LineSink;

/**
 * What every execution of a node shares.
 *
 * @param settings how the node runs executions
 * @param docker the engine
 * @param pulls images
 * @param lines where log lines go
 * @param voice where events go, and the time
 */
record Berth(ExecutorSettings settings, Docker docker, Pulls pulls, LineSink lines, Journal.Voice voice) {
    Timers timers() {
        return voice.timers();
    }
}
