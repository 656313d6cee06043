package dev.longshore.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.job.CollectedOutput;
import dev.longshore.job.ExecutionId;
import dev.longshore.job.ExecutionResult;
import dev.longshore.job.ExecutionState;
import dev.longshore.job.LogRecord;
import dev.longshore.job.NodeStatus;
import dev.longshore.job.OutputTail;
import dev.longshore.job.StatusEvent;
import dev.longshore.wire.Message;

import io.vertx.core.Future;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

class KafkaEventSinkIT extends EventSinkContract {
    private KafkaFixture kafka;
    private KafkaEventSink sink;

    @BeforeEach
    void open() {
        kafka = new KafkaFixture();
        sink = new KafkaEventSink(kafka.context, kafka.settings, kafka.events);
    }

    @AfterEach
    void close() {
        kafka.call(sink::close);
        kafka.close();
    }

    @Override
    EventSink sink() {
        return sink;
    }

    @Override
    <T> Future<T> start(Supplier<Future<T>> call) {
        return kafka.start(call);
    }

    @Override
    List<StatusEvent> statuses(int wanted) {
        return kafka.read(kafka.topics.status(), wanted).stream()
                .map(record -> kafka.events.readStatus(Records.message(record)))
                .toList();
    }

    @Override
    List<ExecutionResult> results(int wanted) {
        return kafka.read(kafka.topics.results(), wanted).stream()
                .map(record -> kafka.events.readResult(Records.message(record)))
                .toList();
    }

    @Override
    List<NodeStatus> nodes(int wanted) {
        return kafka.read(kafka.topics.nodes(), wanted).stream()
                .map(record -> kafka.events.readNode(Records.message(record)))
                .toList();
    }

    @Test
    void the_end_of_the_log_is_part_of_the_finale() {
        ExecutionId id = new ExecutionId("logged");
        kafka.call(() -> sink.finish(Samples.finale(id, 1)));
        assertThat(kafka.read(kafka.topics.logs(), 1))
                .extracting(record -> kafka.events.readLog(Records.message(record)))
                .containsExactly(new LogRecord.End(id, 1, 1, true));
    }

    @Test
    void a_finale_that_is_asked_for_again_by_the_next_life_stands_twice_and_says_the_same() {
        ExecutionId id = new ExecutionId("again");
        kafka.call(() -> sink.finish(Samples.finale(id, 3)));
        kafka.call(sink::close);
        sink = new KafkaEventSink(kafka.context, kafka.settings, kafka.events);
        kafka.call(() -> sink.finish(Samples.finale(id, 3)));

        for (String topic :
                List.of(kafka.topics.status(), kafka.topics.results(), kafka.topics.logs())) {
            List<Message> both = kafka.read(topic, 2).stream().map(Records::message).toList();
            assertThat(both).hasSize(2);
            assertThat(both.getFirst().value()).isEqualTo(both.getLast().value());
            assertThat(both.getFirst().header("ce_id")).isEqualTo(both.getLast().header("ce_id"));
            assertThat(both.getFirst().header("end")).isEqualTo(both.getLast().header("end"));
        }
        assertThat(kafka.read(kafka.topics.status(), 2))
                .extracting(record -> Records.message(record).header("ce_id"))
                .containsOnly("again/status/1/3");
    }

    @Test
    void a_result_that_is_larger_than_brokers_take_is_shortened_and_says_so() {
        kafka.limit(kafka.topics.results(), 64 << 10);
        ExecutionId id = new ExecutionId("large");
        List<CollectedOutput.Entry> files = new ArrayList<>();
        for (int i = 0; i < CollectedOutput.MOST_MANIFEST; i++) {
            files.add(new CollectedOutput.Entry("file-" + i, i, "0".repeat(64)));
        }
        CollectedOutput output = new CollectedOutput("out", "/results/large", 5_000, 9, files);
        ExecutionResult whole = large(id, List.of(output));

        kafka.call(
                () ->
                        sink.finish(
                                new EventSink.Finale(
                                        Samples.status(id, 1, ExecutionState.SUCCEEDED),
                                        whole,
                                        new LogRecord.End(id, 1, 1, true),
                                        null)));

        ExecutionResult told = results(1).getFirst();
        assertThat(told.executionId()).isEqualTo(id);
        assertThat(told.outcome()).isEqualTo(whole.outcome());
        assertThat(told.log()).isEqualTo(whole.log());
        assertThat(whole.output().stdout()).endsWith(told.output().stdout());
        assertThat(told.output().stdout()).isNotEmpty();
        assertThat(told.output().stdoutTruncated()).isTrue();
        assertThat(told.output().stderr()).isEqualTo("little");
        assertThat(told.output().stderrTruncated()).isFalse();
        assertThat(told.outputs())
                .singleElement()
                .satisfies(
                        one -> {
                            assertThat(one.path()).isEqualTo("/results/large");
                            assertThat(one.files()).isEqualTo(5_000);
                            assertThat(one.manifest()).hasSizeLessThan(files.size());
                        });
        assertThat(kafka.read(kafka.topics.status(), 1)).hasSize(1);
        assertThat(kafka.read(kafka.topics.logs(), 1)).hasSize(1);
    }

    @Test
    void a_result_for_which_there_is_hardly_any_room_is_told_without_what_can_be_had_elsewhere() {
        kafka.limit(kafka.topics.results(), 2_000);
        ExecutionId id = new ExecutionId("cramped");
        Future<Void> other =
                kafka.start(() -> sink.finish(Samples.finale(new ExecutionId("small"), 1)));
        kafka.call(
                () ->
                        sink.finish(
                                new EventSink.Finale(
                                        Samples.status(id, 1, ExecutionState.SUCCEEDED),
                                        large(id, List.of()),
                                        new LogRecord.End(id, 1, 1, true),
                                        null)));
        KafkaFixture.await(other);
        assertThat(results(2))
                .filteredOn(result -> result.executionId().equals(id))
                .singleElement()
                .satisfies(
                        told -> {
                            assertThat(told.output().stdout()).hasSizeLessThanOrEqualTo(1 << 10);
                            assertThat(told.output().stdoutTruncated()).isTrue();
                        });
    }

    /**
     * With 64 KiB of standard output, which JSON makes six times as long, and which cannot be
     * compressed away.
     */
    private static ExecutionResult large(ExecutionId id, List<CollectedOutput> outputs) {
        StringBuilder text = new StringBuilder();
        new Random(1).ints(64 << 10, 1, 32).forEach(text::appendCodePoint);
        ExecutionResult small = Samples.result(id);
        return new ExecutionResult(
                id,
                small.jobId(),
                small.nodeId(),
                1,
                small.outcome(),
                new OutputTail(text.toString(), "little", false, false),
                small.log(),
                small.image(),
                small.acceptedAt(),
                small.startedAt(),
                small.finishedAt(),
                small.millis(),
                List.of(),
                outputs,
                null);
    }

    @Test
    void a_second_process_with_the_same_node_id_ends_the_first_ones_finales() {
        kafka.call(() -> sink.finish(Samples.finale(new ExecutionId("first"), 1)));
        KafkaEventSink second = new KafkaEventSink(kafka.context, kafka.settings, kafka.events);
        kafka.call(() -> second.finish(Samples.finale(new ExecutionId("second"), 1)));
        assertThatThrownBy(
                        () ->
                                kafka.call(
                                        () ->
                                                sink.finish(
                                                        Samples.finale(
                                                                new ExecutionId("third"), 1))))
                .isInstanceOf(FencedException.class);
        kafka.call(() -> second.finish(Samples.finale(new ExecutionId("fourth"), 1)));
        kafka.call(second::close);
    }
}
