package dev.longshore.executor;

import dev.longshore.job.ExecutionId;
import dev.longshore.job.ExecutionRequest;
import dev.longshore.job.ExecutionState;
import dev.longshore.job.NodeId;
import dev.longshore.job.NodeStatus;
import dev.longshore.job.StatusEvent;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is known of executions from the topics, this node's earlier lives and other nodes included:
 * enough to tell a new start from one that was acted on already. Bounded: the oldest that ended are
 * forgotten first. Lives on the executor's context.
 */
final class Known {
    private final int limit;
    private final Map<ExecutionId, StatusEvent> live = new HashMap<>();
    private final Map<ExecutionId, Life> ended = new LinkedHashMap<>();
    private final Presence presence;
    private final Map<NodeId, NodeStatus> nodes = new HashMap<>();
    private final Map<ExecutionId, Begun> begun = new HashMap<>();

    /**
     * @param limit how many executions that ended are remembered
     * @param presence which nodes are silent
     */
    Known(int limit, Presence presence) {
        this.limit = limit;
        this.presence = presence;
    }

    /**
     * The newest that was said about an execution.
     *
     * @param nodeId who said it
     * @param attempt which attempt
     * @param sequence its number
     * @param state where the execution stood
     * @param specHash of its start command
     */
    record Life(NodeId nodeId, int attempt, long sequence, ExecutionState state, String specHash) {
        static Life of(StatusEvent event) {
            return new Life(
                    event.nodeId(),
                    event.attempt(),
                    event.sequence(),
                    event.state(),
                    event.specHash());
        }

        /** Whether there is, or was, a container, or there is a result. */
        boolean isSafe() {
            return Parked.SAFE.contains(state);
        }
    }

    /**
     * When things began of an execution that has not ended, by the clocks of those who ran it.
     *
     * @param acceptedAt when a node first spoke of it
     * @param runningAt when the program of its newest attempt was said to run, or null
     */
    record Begun(Instant acceptedAt, @Nullable Instant runningAt) {
        Begun after(@Nullable StatusEvent known, StatusEvent event) {
            boolean another = known != null && known.attempt() != event.attempt();
            Instant running = another ? null : runningAt;
            boolean starts = running == null && event.state() == ExecutionState.RUNNING;
            return new Begun(acceptedAt, starts ? event.time() : running);
        }
    }

    /** Learns from an event; an older one than known changes nothing. */
    void learn(StatusEvent event) {
        ExecutionId id = event.executionId();
        presence.heard(event.nodeId());
        if (ended.containsKey(id)) {
            return;
        }
        StatusEvent known = live.get(id);
        if (known != null && !event.isNewsAfter(known)) {
            return;
        }
        if (event.state().isFinal()) {
            live.remove(id);
            begun.remove(id);
            ended.put(id, Life.of(event));
            if (ended.size() > limit) {
                ended.remove(ended.keySet().iterator().next());
            }
        } else {
            Begun earlier = begun.getOrDefault(id, new Begun(event.time(), null));
            begun.put(id, earlier.after(known, event));
            live.put(id, event);
        }
    }

    /** Learns what a node says of itself. */
    void learn(NodeStatus status) {
        presence.heard(status);
        nodes.put(status.nodeId(), status);
    }

    /** What is known of the execution, or null. */
    @Nullable Life find(ExecutionId executionId) {
        StatusEvent event = live.get(executionId);
        return event != null ? Life.of(event) : ended.get(executionId);
    }

    /** The newest of each execution that this node took on and that never ended. */
    List<StatusEvent> unfinished(NodeId here) {
        return live.values().stream().filter(event -> event.nodeId().equals(here)).toList();
    }

    /**
     * Why a start is not new by what is known, or empty where it is: also where this node's earlier
     * life, or a node that has fallen silent, took it on and never came to make a container. What
     * has one there is for {@link LostNodes}.
     */
    Optional<ExecutorFailure> earlier(ExecutionRequest request, NodeId here) {
        ExecutionId id = request.executionId();
        Life life = find(id);
        if (life == null) {
            return Optional.empty();
        }
        boolean same = life.specHash().equals(request.specHash());
        if (life.state().isFinal()) {
            return Optional.of(new ExecutorFailure.AlreadyFinished(id, same));
        }
        boolean elsewhere =
                !life.nodeId().equals(here) && (life.isSafe() || !presence.isSilent(life.nodeId()));
        return elsewhere || !same
                ? Optional.of(new ExecutorFailure.AlreadyStarted(id, same))
                : Optional.empty();
    }

    /** Who has taken on what has not ended. */
    Set<NodeId> owners() {
        return live.values().stream().map(StatusEvent::nodeId).collect(Collectors.toSet());
    }

    /** When an execution that has not ended began; null where nothing is known of it. */
    @Nullable Begun begun(ExecutionId executionId) {
        return begun.get(executionId);
    }

    /** When this node last said that it lives, or the beginning of time. */
    Instant lastHeardOf(NodeId nodeId) {
        NodeStatus status = nodes.get(nodeId);
        return status == null ? Instant.EPOCH : status.heartbeat();
    }
}
