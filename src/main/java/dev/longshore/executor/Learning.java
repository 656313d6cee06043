package dev.longshore.executor;

import dev.longshore.job.ExecutionId;
import dev.longshore.job.ExecutionResult;
import dev.longshore.job.NodeId;
import dev.longshore.job.NodeStatus;
import dev.longshore.job.StatusEvent;
import dev.longshore.kafka.EventSource;
import dev.longshore.kafka.FencedException;

import org.jspecify.annotations.Nullable;

import java.util.function.Consumer;

/**
 * What the executor hears by the topics, its own words included, and who needs to know; also
 * whether another node has taken over what runs here. On the executor's context.
 */
final class Learning implements EventSource.Listener {
    private final NodeId here;
    private final Known known;
    private final ImageCache images;
    private final Roster roster;
    private final OwnWords ownWords;
    private final Consumer<FencedException> onTakenOver;
    private @Nullable CommandDesk desk;
    private @Nullable LostNodes lostNodes;

    /**
     * @param onTakenOver told when another node was seen to have settled, or to run, what is this
     *     node's: this life of it must end
     */
    Learning(
            NodeId here,
            Known known,
            ImageCache images,
            Roster roster,
            OwnWords ownWords,
            Consumer<FencedException> onTakenOver) {
        this.here = here;
        this.known = known;
        this.images = images;
        this.roster = roster;
        this.ownWords = ownWords;
        this.onTakenOver = onTakenOver;
    }

    /** From now on these hear too. */
    void tell(CommandDesk commands, LostNodes nodes) {
        desk = commands;
        lostNodes = nodes;
    }

    /** Whether somebody asked for the end of an execution that is not this node's. */
    boolean isCancelled(ExecutionId id) {
        return desk != null && desk.isCancelled(id);
    }

    @Override
    public void status(StatusEvent event) {
        ExecutionId id = event.executionId();
        Known.Life before = known.find(id);
        known.learn(event);
        ownWords.learned(event);
        images.learn(event, here);
        if (desk != null) {
            desk.learned(event);
        }
        Known.Life now = known.find(id);
        if (now != null && !now.nodeId().equals(here) && roster.isLive(id)) {
            boolean wasOurs = before != null && before.nodeId().equals(here);
            boolean tooLate = event.nodeId().equals(here); // ours does not count: theirs was first
            if (wasOurs || tooLate || now.isSafe()) {
                onTakenOver.accept(
                        new FencedException(
                                here, "node " + now.nodeId() + " has taken over " + id));
            }
        }
    }

    @Override
    public void result(ExecutionResult result) {
        // the final status says what is needed here
    }

    @Override
    public void node(NodeStatus status) {
        known.learn(status);
        if (lostNodes != null) {
            lostNodes.heard(status);
        }
    }
}
