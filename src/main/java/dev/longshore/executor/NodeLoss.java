package dev.longshore.executor;

import dev.longshore.job.ExecutionId;
import dev.longshore.job.ExecutionResult;
import dev.longshore.job.ImageIdentity;
import dev.longshore.job.LogPosition;
import dev.longshore.job.LogRecord;
import dev.longshore.job.LogSummary;
import dev.longshore.job.NodeId;
import dev.longshore.job.Outcome;
import dev.longshore.job.OutputTail;
import dev.longshore.job.PhaseMillis;
import dev.longshore.job.StatusEvent;
import dev.longshore.kafka.EventSink.Finale;
import dev.longshore.kafka.LineSurvey;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The words for what a lost node left. On the executor's context. */
final class NodeLoss {
    private final NodeId here;
    private final LostNodes.Loss loss;
    private final Instant lastHeartbeat;
    private final Instant now;
    private final String logTopic;
    private final Map<ExecutionId, LineSurvey.Found> lines;

    /**
     * @param lastHeartbeat when the node said that it lives, by its own clock: told, not judged by
     * @param lines what the topic has of the logs
     */
    NodeLoss(
            Berth berth,
            LostNodes.Loss loss,
            Instant lastHeartbeat,
            Map<ExecutionId, LineSurvey.Found> lines) {
        this.here = berth.settings().nodeId();
        this.loss = loss;
        this.lastHeartbeat = lastHeartbeat;
        this.now = berth.timers().now();
        this.logTopic = berth.settings().logTopic();
        this.lines = lines;
    }

    /** That this node takes it over for another attempt. */
    StatusEvent takenOver(StatusEvent last) {
        return last.takenOverBy(
                here,
                "attempt " + last.attempt() + " was lost: " + silence() + "; the next runs here",
                now);
    }

    /**
     * That it is lost: its final status, its result, said for the node that ran it, and the end of
     * its log.
     */
    Finale end(StatusEvent last, Known.Begun begun, @Nullable String traceparent) {
        Outcome outcome =
                Outcome.nodeLost(silence() + "; whether the program ended, and how, is not known");
        LogSummary log = log(last);
        Instant startedAt = begun.runningAt();
        // The clocks are of two nodes.
        Instant finishedAt = startedAt != null && now.isBefore(startedAt) ? startedAt : now;
        ExecutionResult result =
                new ExecutionResult(
                        last.executionId(),
                        last.jobId(),
                        last.nodeId(),
                        last.attempt(),
                        outcome,
                        OutputTail.EMPTY,
                        log,
                        last.image() == null ? new ImageIdentity("unknown", null) : last.image(),
                        begun.acceptedAt(),
                        startedAt,
                        finishedAt,
                        new PhaseMillis(
                                0,
                                0,
                                0,
                                startedAt == null
                                        ? 0
                                        : Duration.between(startedAt, finishedAt).toMillis()),
                        last.resources() == null ? List.of() : last.resources().gpus(),
                        List.of(),
                        null);
        LogRecord.End end =
                new LogRecord.End(last.executionId(), last.attempt(), log.lines(), false);
        return new Finale(last.endedBy(here, outcome, now), result, end, traceparent);
    }

    private LogSummary log(StatusEvent last) {
        LogPosition start = last.log();
        LineSurvey.Found found = lines.getOrDefault(last.executionId(), Adoption.NO_LINES);
        return new LogSummary(
                start == null ? logTopic : start.topic(),
                start == null ? -1 : start.partition(),
                found.firstOffset(),
                found.lastOffset(),
                found.lines(),
                0,
                false);
    }

    private String silence() {
        String since =
                lastHeartbeat.equals(Instant.EPOCH)
                        ? ""
                        : ", since its heartbeat of " + lastHeartbeat;
        return "node "
                + loss.nodeId()
                + " was not heard for "
                + loss.silence().toSeconds()
                + " s"
                + since;
    }
}
