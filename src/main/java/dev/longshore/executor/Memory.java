package dev.longshore.executor;

import dev.longshore.job.CommandPosition;
import dev.longshore.job.ExecutionId;
import dev.longshore.job.ExecutionRequest;
import dev.longshore.kafka.LineSurvey;

import io.vertx.core.Future;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/** What the topics still know of executions that an earlier life of the node was running. */
interface Memory {
    /** The start commands at these places; those that are gone are not in the answer. */
    Future<Map<CommandPosition, ExecutionRequest>> starts(Collection<CommandPosition> places);

    /**
     * The first offset of each partition of start commands that is not let go of yet: those from
     * there on will be delivered again.
     */
    Future<Map<Integer, Long>> committed();

    /** What the topic has of these logs already. */
    Future<Map<ExecutionId, LineSurvey.Found>> lines(List<LineSurvey.Ask> logs);
}
