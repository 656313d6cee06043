package dev.longshore.executor;

import dev.longshore.docker.Docker;
import dev.longshore.kafka.LineSink;
import dev.longshore.results.ResultStore;

/**
 * What every execution of a node shares.
 *
 * @param settings how the node runs executions
 * @param docker the engine
 * @param watch what the engine told of containers
 * @param pulls images
 * @param mounts what of the node jobs may mount
 * @param secrets what the node holds of secrets
 * @param downloads what jobs name by URL
 * @param lines where log lines go
 * @param results what executions leave on the node's disk
 * @param voice where events go, and the time
 */
record Berth(
        ExecutorSettings settings,
        Docker docker,
        EngineWatch watch,
        Pulls pulls,
        Mounts mounts,
        SecretStore secrets,
        Downloads downloads,
        LineSink lines,
        ResultStore results,
        Voice voice) {
    Timers timers() {
        return voice.timers();
    }

    /** What catches our own mistakes in the execution that this berth is given to. */
    Guard guard() {
        return voice.guard();
    }

    /** The berth of one execution, whose mistakes this guard catches. */
    Berth guardedBy(Guard own) {
        return new Berth(
                settings,
                docker,
                watch,
                pulls,
                mounts,
                secrets,
                downloads,
                lines,
                results,
                voice.guardedBy(own));
    }
}
