package dev.longshore.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.job.ExecutionId;
import dev.longshore.job.ExecutionResult;
import dev.longshore.job.ExecutionState;
import dev.longshore.job.NodeStatus;
import dev.longshore.job.StatusEvent;

import io.vertx.core.Future;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** What every {@link EventSink} keeps. */
abstract class EventSinkContract {
    abstract EventSink sink();

    /** Calls the sink as it wants to be called. */
    abstract <T> Future<T> start(Supplier<Future<T>> call);

    abstract List<StatusEvent> statuses(int wanted);

    abstract List<ExecutionResult> results(int wanted);

    abstract List<NodeStatus> nodes(int wanted);

    @Test
    void statuses_of_one_execution_stand_in_the_order_of_the_calls() {
        ExecutionId id = new ExecutionId("ordered");
        List<Future<Void>> written = new ArrayList<>();
        for (int sequence = 1; sequence <= 200; sequence++) {
            StatusEvent event = Samples.status(id, sequence, ExecutionState.RUNNING);
            written.add(start(() -> sink().status(event, null)));
        }
        KafkaFixture.await(Future.all(written));
        assertThat(statuses(200)).extracting(StatusEvent::sequence).isSorted().hasSize(200);
    }

    @Test
    void a_finale_stands_behind_statuses_that_were_still_on_their_way() {
        ExecutionId id = new ExecutionId("ended");
        start(() -> sink().status(Samples.status(id, 1, ExecutionState.ACCEPTED), null));
        start(() -> sink().status(Samples.status(id, 2, ExecutionState.RUNNING), null));
        KafkaFixture.await(start(() -> sink().finish(Samples.finale(id, 3))));
        assertThat(statuses(3)).extracting(StatusEvent::sequence).containsExactly(1L, 2L, 3L);
        assertThat(results(1)).containsExactly(Samples.result(id));
    }

    @Test
    void many_finales_at_once_are_all_written_once() {
        List<Future<Void>> written = new ArrayList<>();
        for (int n = 0; n < 100; n++) {
            ExecutionId id = new ExecutionId("many-" + n);
            written.add(start(() -> sink().finish(Samples.finale(id, 1))));
        }
        KafkaFixture.await(Future.all(written));
        assertThat(results(100))
                .extracting(ExecutionResult::executionId)
                .doesNotHaveDuplicates()
                .hasSize(100);
    }

    @Test
    void a_node_event_is_written() {
        KafkaFixture.await(start(() -> sink().node(Samples.node())));
        assertThat(nodes(1)).containsExactly(Samples.node());
    }

    @Test
    void after_close_everything_fails() {
        KafkaFixture.await(start(() -> sink().close()));
        ExecutionId id = new ExecutionId("late");
        assertThatThrownBy(
                        () ->
                                KafkaFixture.await(
                                        start(
                                                () ->
                                                        sink().status(
                                                                        Samples.status(
                                                                                id,
                                                                                1,
                                                                                ExecutionState
                                                                                        .ACCEPTED),
                                                                        null))))
                .hasMessageContaining("closed");
        assertThatThrownBy(
                        () -> KafkaFixture.await(start(() -> sink().finish(Samples.finale(id, 2)))))
                .hasMessageContaining("closed");
    }
}
