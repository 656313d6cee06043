package dev.longshore.wire;

import static dev.longshore.wire.WireFixtures.utf8;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.job.ExecutionId;
import dev.longshore.job.ExecutionResult;
import dev.longshore.job.LogRecord;
import dev.longshore.job.LogStream;
import dev.longshore.job.OutputTail;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Random;

class EventCodecTest {
    private static final EventCodec CODEC = new EventCodec();
    private static final ExecutionId ID = WireFixtures.ID;

    @Test
    void events_read_back_equal() {
        assertThat(CODEC.readStatus(CODEC.status(WireFixtures.running(), null)))
                .isEqualTo(WireFixtures.running());
        assertThat(CODEC.readStatus(CODEC.status(WireFixtures.pulling(), null)))
                .isEqualTo(WireFixtures.pulling());
        assertThat(CODEC.readStatus(CODEC.status(WireFixtures.accepted(), null)))
                .isEqualTo(WireFixtures.accepted());
        assertThat(CODEC.readResult(CODEC.result(WireFixtures.result(), null)))
                .isEqualTo(WireFixtures.result());
        assertThat(CODEC.readResult(CODEC.result(WireFixtures.rejected(), null)))
                .isEqualTo(WireFixtures.rejected());
        assertThat(CODEC.readNode(CODEC.node(WireFixtures.node()))).isEqualTo(WireFixtures.node());
    }

    @Test
    void a_status_is_a_cloudevent_in_binary_mode() {
        Message message = CODEC.status(WireFixtures.running(), WireFixtures.TRACE);

        assertThat(message.key()).isEqualTo(utf8("thumbnails-0007"));
        assertThat(message.headers())
                .containsExactly(
                        Header.of("ce_specversion", "1.0"),
                        Header.of("ce_id", "thumbnails-0007/status/1/4"),
                        Header.of("ce_source", "/longshore/nodes/node-1"),
                        Header.of("ce_type", "dev.longshore.execution.status.v1"),
                        Header.of("ce_subject", "thumbnails-0007"),
                        Header.of("ce_time", "2026-01-01T00:00:00.123456Z"),
                        Header.of("content-type", "application/json"),
                        Header.of("traceparent", WireFixtures.TRACE));
    }

    @Test
    void a_result_is_the_same_at_every_repetition() {
        Message message = CODEC.result(WireFixtures.result(), null);

        assertThat(message.header("ce_id")).isEqualTo("thumbnails-0007/result");
        assertThat(message.header("ce_type")).isEqualTo("dev.longshore.execution.result.v1");
        assertThat(message.header("ce_time")).isEqualTo("2026-01-01T00:00:02.123456Z");
        assertThat(message.header("traceparent")).isNull();
        assertThat(CODEC.result(WireFixtures.result(), null)).isEqualTo(message);
    }

    @Test
    void a_tail_cut_within_a_character_is_written_all_the_same() {
        OutputTail cut = new OutputTail("\ude00 end", "start \ud83d", true, true);
        ExecutionResult whole = WireFixtures.result();
        ExecutionResult result =
                new ExecutionResult(
                        whole.executionId(),
                        whole.jobId(),
                        whole.nodeId(),
                        whole.attempt(),
                        whole.outcome(),
                        cut,
                        whole.log(),
                        whole.image(),
                        whole.acceptedAt(),
                        whole.startedAt(),
                        whole.finishedAt(),
                        whole.millis());

        assertThat(CODEC.readResult(CODEC.result(result, null)).output())
                .isEqualTo(new OutputTail("? end", "start ?", true, true));
    }

    @Test
    void a_node_event_is_keyed_by_its_node_and_never_the_same() {
        Message message = CODEC.node(WireFixtures.node());

        assertThat(message.key()).isEqualTo(utf8("node-1"));
        assertThat(message.header("ce_type")).isEqualTo("dev.longshore.node.v1");
        assertThat(message.header("ce_subject")).isEqualTo("node-1");
        assertThat(message.header("ce_id"))
                .isNotEqualTo(CODEC.node(WireFixtures.node()).header("ce_id"));
    }

    @Test
    void unknown_fields_are_ignored() {
        String body = text(CODEC.status(WireFixtures.running(), null));
        String newer =
                body.replaceFirst("\\{", "{\"later\":{\"layers\":[1]},\"future\":[],")
                        .replace("\"cpu\":0.5", "\"cpu\":0.5,\"gpus\":[{\"uuid\":\"x\"}]")
                        .replace("\"model\":", "\"clockMhz\":7,\"model\":");

        assertThat(CODEC.readStatus(WireFixtures.message(newer))).isEqualTo(WireFixtures.running());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "garbage",
                "[]",
                "null",
                "{}",
                "{\"executionId\":7}",
                "{\"executionId\":\"../x\"}",
                "{\"nodeId\":\"n\"}",
                "\u0000",
                "{\"executionId\":\"a\",\"executionId\":\"b\"}"
            })
    void garbage_is_refused(String body) {
        Message message = WireFixtures.message(body);

        assertThatThrownBy(() -> CODEC.readStatus(message)).isInstanceOf(WireException.class);
        assertThatThrownBy(() -> CODEC.readResult(message)).isInstanceOf(WireException.class);
        assertThatThrownBy(() -> CODEC.readNode(message)).isInstanceOf(WireException.class);
        assertThatThrownBy(() -> CODEC.readLog(message)).isInstanceOf(WireException.class);
    }

    @Test
    void a_tombstone_is_refused() {
        Message tombstone = new Message(utf8("a"), null, List.of());

        assertThatThrownBy(() -> CODEC.readStatus(tombstone)).isInstanceOf(WireException.class);
        assertThatThrownBy(() -> CODEC.readLog(tombstone)).isInstanceOf(WireException.class);
    }

    @Test
    void a_field_of_the_wrong_kind_is_named() {
        String body = text(CODEC.result(WireFixtures.result(), null));

        assertThatThrownBy(
                        () ->
                                CODEC.readResult(
                                        WireFixtures.message(
                                                body.replace("\"lines\":90", "\"lines\":\"90\""))))
                .isInstanceOf(WireException.class)
                .hasMessage("/log/lines must be a whole number");
        assertThatThrownBy(
                        () ->
                                CODEC.readResult(
                                        WireFixtures.message(
                                                body.replace("\"failed\"", "\"running\""))))
                .isInstanceOf(WireException.class)
                .hasMessageContaining("final state");
        assertThatThrownBy(
                        () ->
                                CODEC.readResult(
                                        WireFixtures.message(
                                                body.replace("\"attempt\":1", "\"attempt\":0"))))
                .isInstanceOf(WireException.class)
                .hasMessageContaining("attempt");
    }

    @Test
    void a_line_is_its_bytes_and_headers() {
        byte[] bytes = {(byte) 0xff, 0, 'a'};
        LogRecord.Line line =
                new LogRecord.Line(
                        ID,
                        2,
                        812,
                        LogStream.STDERR,
                        Instant.parse("2026-01-01T00:00:00.123456789Z"),
                        bytes,
                        true);

        Message message = CODEC.log(line);

        assertThat(message.key()).isEqualTo(utf8("thumbnails-0007"));
        assertThat(message.value()).isSameAs(bytes);
        assertThat(message.headers())
                .containsExactly(
                        Header.of("seq", "812"),
                        Header.of("stream", "stderr"),
                        Header.of("time", "2026-01-01T00:00:00.123456789Z"),
                        Header.of("attempt", "2"),
                        Header.of("partial", "1"));
        assertThat(CODEC.readLog(message)).isEqualTo(line);
    }

    @Test
    void gaps_and_the_end_say_so_in_a_header() {
        Message known = CODEC.log(new LogRecord.Gap(ID, 1, "engine-restart", 7));
        Message unknown = CODEC.log(new LogRecord.Gap(ID, 1, "a; missing=3", -1));
        Message end = CODEC.log(new LogRecord.End(ID, 1, 90, true));

        assertThat(known.header("gap")).isEqualTo("engine-restart; missing=7");
        assertThat(unknown.header("gap")).isEqualTo("a; missing=3; missing=unknown");
        assertThat(end.header("end")).isEqualTo("lines=90; complete=true");
        assertThat(known.value()).isEmpty();
        assertThat(CODEC.readLog(known)).isEqualTo(new LogRecord.Gap(ID, 1, "engine-restart", 7));
        assertThat(CODEC.readLog(unknown)).isEqualTo(new LogRecord.Gap(ID, 1, "a; missing=3", -1));
        assertThat(CODEC.readLog(end)).isEqualTo(new LogRecord.End(ID, 1, 90, true));
    }

    @Test
    void any_line_reads_back_equal() {
        Random random = new Random(20260102);
        for (int i = 0; i < 2_000; i++) {
            byte[] bytes = new byte[random.nextInt(100)];
            random.nextBytes(bytes);
            LogRecord.Line line =
                    new LogRecord.Line(
                            ID,
                            1 + random.nextInt(9),
                            random.nextLong(Long.MAX_VALUE),
                            random.nextBoolean() ? LogStream.STDOUT : LogStream.STDERR,
                            Instant.ofEpochSecond(
                                    random.nextLong(4_000_000_000L), random.nextInt(1_000_000_000)),
                            bytes,
                            random.nextBoolean());

            assertThat(CODEC.readLog(CODEC.log(line))).isEqualTo(line);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"seq", "stream", "time", "attempt"})
    void a_line_without_one_of_its_headers_is_refused(String missing) {
        Message line =
                CODEC.log(
                        new LogRecord.Line(
                                ID, 1, 0, LogStream.STDOUT, WireFixtures.START, utf8("x"), false));
        Message without =
                new Message(
                        line.key(),
                        line.value(),
                        line.headers().stream()
                                .filter(header -> !header.name().equals(missing))
                                .toList());
        Message wrong =
                new Message(
                        line.key(),
                        line.value(),
                        line.headers().stream()
                                .map(
                                        header ->
                                                header.name().equals(missing)
                                                        ? Header.of(missing, "-1")
                                                        : header)
                                .toList());

        assertThatThrownBy(() -> CODEC.readLog(without))
                .isInstanceOf(WireException.class)
                .hasMessageContaining(missing);
        assertThatThrownBy(() -> CODEC.readLog(wrong))
                .isInstanceOf(WireException.class)
                .hasMessageContaining(missing);
    }

    private static String text(Message message) {
        byte[] value = message.value();
        assertThat(value).isNotNull();
        return new String(value, StandardCharsets.UTF_8);
    }
}
