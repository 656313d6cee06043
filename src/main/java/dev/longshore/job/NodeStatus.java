package dev.longshore.job;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Locale;
import java.util.Map;

/**
 * What a node says about itself, at every change and every ten seconds.
 *
 * @param nodeId who
 * @param version the version of Longshore it runs
 * @param url where its HTTP side answers, or null if it has none
 * @param state how it is
 * @param engine its Docker engine, or null while not known
 * @param capacity what it has in all
 * @param allocated what of it is promised
 * @param running how many executions have a container
 * @param waiting how many wait for capacity
 * @param labels the operator's labels
 * @param heartbeat when this was said
 * @param instance which process says it, a new random text at each start; null where an older
 *     version said it
 * @param maxRunning most executions that have a container at a time; null where an older version
 *     said it
 */
public record NodeStatus(
        NodeId nodeId,
        String version,
        @Nullable String url,
        State state,
        @Nullable Engine engine,
        Grant capacity,
        Grant allocated,
        int running,
        int waiting,
        Map<String, String> labels,
        Instant heartbeat,
        @Nullable String instance,
        @Nullable Integer maxRunning) {
    /** Copies the labels. */
    public NodeStatus {
        Checks.required(nodeId, "nodeId");
        Checks.required(version, "version");
        Checks.required(state, "state");
        Checks.required(capacity, "capacity");
        Checks.required(allocated, "allocated");
        labels = Map.copyOf(labels);
        Checks.required(heartbeat, "heartbeat");
    }

    /** Of a process that does not tell itself from others. */
    public NodeStatus(
            NodeId nodeId,
            String version,
            @Nullable String url,
            State state,
            @Nullable Engine engine,
            Grant capacity,
            Grant allocated,
            int running,
            int waiting,
            Map<String, String> labels,
            Instant heartbeat) {
        this(
                nodeId, version, url, state, engine, capacity, allocated, running, waiting, labels,
                heartbeat, null, null);
    }

    /** How a node is. Wire form: the name in lower case. */
    public enum State {
        /** Not taking commands yet. */
        STARTING,
        /** Taking commands. */
        READY,
        /** Its engine does not answer: no commands are taken, running ones go on. */
        DEGRADED,
        /** Takes no new commands by request. */
        DRAINING,
        /** Gone, in good order. */
        STOPPED;

        /** The name in messages. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Which Docker engine.
     *
     * @param name the host name that the engine reports
     * @param version its version
     * @param api the API version in use
     */
    public record Engine(String name, String version, String api) {}
}
