package dev.longshore.http;

import dev.longshore.board.Board;
import dev.longshore.board.Watch;
import dev.longshore.job.Execution;
import dev.longshore.job.ExecutionResult;
import dev.longshore.job.ExecutionState;
import dev.longshore.job.NodeId;
import dev.longshore.job.PhaseMillis;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.stream.LongStream;

/**
 * Counts the executions of this node by what it says about them: what ended since this process
 * began, and what lives. On the context of the verticle.
 */
final class ExecutionMeters implements AutoCloseable {
    /** From a moment to a day. */
    private static final Duration[] BUCKETS =
            LongStream.of(100, 500, 1_000, 5_000, 15_000, 60_000, 300_000, 1_800_000, 7_200_000)
                    .mapToObj(Duration::ofMillis)
                    .toArray(Duration[]::new);

    private final MeterRegistry registry;
    private final NodeId self;
    private final Instant began = Instant.now();
    private final Watch watch;

    ExecutionMeters(MeterRegistry registry, Board board, NodeId self) {
        this.registry = registry;
        this.self = self;
        for (ExecutionState state : ExecutionState.values()) {
            if (!state.isFinal()) {
                Gauge.builder("longshore.executions", board, from -> from.count(self, state))
                        .description("Executions of this node that have not ended")
                        .tag("state", state.wireName())
                        .register(registry);
            }
        }
        timer("longshore.execution.queue", "From acceptance until capacity was granted");
        for (String phase : new String[] {"pull", "create", "run"}) {
            phase(phase);
        }
        this.watch = board.onChange(this::changed);
    }

    @Override
    public void close() {
        watch.close();
    }

    /** The final status and the result come one after the other: the second of them ends it. */
    private void changed(Execution execution) {
        ExecutionResult result = execution.result();
        if (result == null
                || !execution.state().isFinal()
                || !result.nodeId().equals(self)
                || result.finishedAt().isBefore(began)) {
            return;
        }
        String state = result.outcome().state().wireName();
        Counter.builder("longshore.executions.finished")
                .description("Executions that ended")
                .tag("state", state)
                .tag("reason", result.outcome().reason().name().toLowerCase(Locale.ROOT))
                .register(registry)
                .increment();
        Timer.builder("longshore.execution.duration")
                .description("From acceptance to the end")
                .tag("state", state)
                .serviceLevelObjectives(BUCKETS)
                .register(registry)
                .record(Duration.between(result.acceptedAt(), result.finishedAt()));
        PhaseMillis millis = result.millis();
        timer("longshore.execution.queue", "From acceptance until capacity was granted")
                .record(Duration.ofMillis(millis.queued()));
        if (result.startedAt() != null) {
            phase("pull").record(Duration.ofMillis(millis.pull()));
            phase("create").record(Duration.ofMillis(millis.create()));
            phase("run").record(Duration.ofMillis(millis.run()));
        }
        Counter.builder("longshore.log.lines")
                .description("Lines of the logs of executions that ended")
                .register(registry)
                .increment((double) result.log().lines());
    }

    private Timer phase(String name) {
        return Timer.builder("longshore.execution.phase")
                .description("Where the time of executions whose program ran went")
                .tag("phase", name)
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }

    private Timer timer(String name, String description) {
        return Timer.builder(name)
                .description(description)
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }
}
