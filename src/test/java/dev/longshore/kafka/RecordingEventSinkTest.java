package dev.longshore.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.ExecutionId;
import dev.longshore.job.ExecutionResult;
import dev.longshore.job.ExecutionState;
import dev.longshore.job.NodeStatus;
import dev.longshore.job.StatusEvent;

import io.vertx.core.Future;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.function.Supplier;

class RecordingEventSinkTest extends EventSinkContract {
    private final RecordingEventSink sink = new RecordingEventSink();

    @Override
    EventSink sink() {
        return sink;
    }

    @Override
    <T> Future<T> start(Supplier<Future<T>> call) {
        return call.get();
    }

    @Override
    List<StatusEvent> statuses(int wanted) {
        return sink.statuses();
    }

    @Override
    List<ExecutionResult> results(int wanted) {
        return sink.finales().stream().map(EventSink.Finale::result).toList();
    }

    @Override
    List<NodeStatus> nodes(int wanted) {
        return sink.nodes();
    }

    @Test
    void what_is_held_is_written_when_released() {
        sink.hold();
        Future<Void> written =
                sink.status(
                        Samples.status(new ExecutionId("held"), 1, ExecutionState.ACCEPTED), null);
        assertThat(written.isComplete()).isFalse();
        assertThat(sink.statuses()).isEmpty();
        sink.release();
        assertThat(written.succeeded()).isTrue();
        assertThat(sink.states(new ExecutionId("held"))).containsExactly(ExecutionState.ACCEPTED);
    }
}
