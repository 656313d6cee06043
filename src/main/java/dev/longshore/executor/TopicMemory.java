package dev.longshore.executor;

import dev.longshore.job.CommandPosition;
import dev.longshore.job.ExecutionId;
import dev.longshore.job.ExecutionRequest;
import dev.longshore.kafka.CommandHistory;
import dev.longshore.kafka.KafkaClients;
import dev.longshore.kafka.LineSurvey;

import io.vertx.core.Context;
import io.vertx.core.Future;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/** The topics themselves. On the executor's context. */
final class TopicMemory implements Memory {
    private final CommandHistory commands;
    private final LineSurvey lines;

    TopicMemory(KafkaClients kafka, Context context) {
        this.commands = kafka.commandHistory(context);
        this.lines = kafka.lineSurvey(context);
    }

    @Override
    public Future<Map<CommandPosition, ExecutionRequest>> starts(
            Collection<CommandPosition> places) {
        return places.isEmpty() ? Future.succeededFuture(Map.of()) : commands.starts(places);
    }

    @Override
    public Future<Map<Integer, Long>> committed() {
        return commands.committed();
    }

    @Override
    public Future<Map<ExecutionId, LineSurvey.Found>> lines(List<LineSurvey.Ask> logs) {
        return logs.isEmpty() ? Future.succeededFuture(Map.of()) : lines.of(logs);
    }
}
