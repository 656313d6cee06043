package dev.longshore.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.ExecutionId;
import dev.longshore.job.LogPosition;
import dev.longshore.job.LogRecord;
import dev.longshore.job.LogStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

class LineSurveyIT {
    private static final ExecutionId ONE = new ExecutionId("one");
    private static final ExecutionId OTHER = new ExecutionId("other");
    private static final ExecutionId SILENT = new ExecutionId("silent");

    private KafkaFixture kafka;
    private KafkaLineSink sink;
    private LineSurvey survey;

    @BeforeEach
    void open() {
        kafka = new KafkaFixture();
        sink = new KafkaLineSink(kafka.context, kafka.settings, kafka.events);
        survey = new LineSurvey(kafka.context, kafka.settings);
    }

    @AfterEach
    void close() {
        kafka.call(sink::close);
        kafka.close();
    }

    @Test
    void lines_are_counted_for_each_execution_and_attempt_in_one_pass() {
        LogPosition one = kafka.call(() -> sink.position(ONE));
        LogPosition other = kafka.call(() -> sink.position(OTHER));
        LogPosition silent = kafka.call(() -> sink.position(SILENT));
        write(lines(ONE, 1, 0, 5_000));
        write(List.of(new LogRecord.End(ONE, 1, 5_000, true)));
        LineSink.Written first = write(lines(ONE, 2, 0, 20));
        write(lines(OTHER, 1, 0, 7));
        // Printed again after a restart: seqs repeat, and the highest of them counts.
        LineSink.Written last = write(lines(ONE, 2, 10, 30));
        write(List.of(new LogRecord.Gap(ONE, 2, "lost", 3)));

        Map<ExecutionId, LineSurvey.Found> found =
                KafkaFixture.await(
                        survey.of(
                                List.of(
                                        new LineSurvey.Ask(ONE, 2, one),
                                        new LineSurvey.Ask(OTHER, 1, other),
                                        new LineSurvey.Ask(SILENT, 1, silent))));

        assertThat(found).containsOnlyKeys(ONE, OTHER, SILENT);
        assertThat(found.get(ONE))
                .isEqualTo(new LineSurvey.Found(30, first.firstOffset(), last.lastOffset()));
        assertThat(found.get(OTHER)).extracting(LineSurvey.Found::lines).isEqualTo(7L);
        assertThat(found.get(SILENT)).isEqualTo(new LineSurvey.Found(0, -1, -1));
    }

    @Test
    void places_that_there_are_not_answer_that_nothing_is_there() {
        write(lines(ONE, 1, 0, 3));
        Map<ExecutionId, LineSurvey.Found> found =
                KafkaFixture.await(
                        survey.of(
                                List.of(
                                        ask(ONE, new LogPosition(kafka.topics.logs(), 99, 0)),
                                        ask(OTHER, new LogPosition("no-such-topic", 0, 0)),
                                        ask(
                                                SILENT,
                                                new LogPosition(
                                                        kafka.topics.logs(), 0, 1_000_000)))));
        assertThat(found.values()).containsOnly(new LineSurvey.Found(0, -1, -1));
        assertThat(KafkaFixture.await(survey.of(List.of()))).isEmpty();
    }

    @Test
    void a_topic_that_was_made_anew_is_looked_through_from_its_beginning() {
        write(lines(ONE, 1, 0, 100));
        LogPosition start = kafka.call(() -> sink.position(ONE));
        write(lines(ONE, 1, 100, 120));
        kafka.makeAnew(kafka.topics.logs());
        LineSink.Written after = write(lines(ONE, 1, 20, 30));

        Map<ExecutionId, LineSurvey.Found> found =
                KafkaFixture.await(survey.of(List.of(ask(ONE, start))));

        assertThat(found.get(ONE))
                .isEqualTo(new LineSurvey.Found(30, after.firstOffset(), after.lastOffset()));
    }

    private LineSink.Written write(List<? extends LogRecord> records) {
        return kafka.call(() -> sink.write(records));
    }

    private static LineSurvey.Ask ask(ExecutionId id, LogPosition from) {
        return new LineSurvey.Ask(id, 1, from);
    }

    private static List<LogRecord.Line> lines(ExecutionId id, int attempt, long from, long to) {
        byte[] text = "x".repeat(100).getBytes(java.nio.charset.StandardCharsets.UTF_8);
        return new ArrayList<>(
                LongStream.range(from, to)
                        .mapToObj(
                                seq ->
                                        new LogRecord.Line(
                                                id,
                                                attempt,
                                                seq,
                                                LogStream.STDOUT,
                                                Instant.now(),
                                                text,
                                                false))
                        .toList());
    }
}
