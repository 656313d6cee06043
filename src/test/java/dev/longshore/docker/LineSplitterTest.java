package dev.longshore.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.LogRecord.Line;
import dev.longshore.job.LogStream;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

class LineSplitterTest {
    private static final String TIME = "2026-01-02T03:04:05.123456789Z";
    private static final String LATER = "2026-01-02T03:04:06.5Z";

    private final LineSplitter splitter = new LineSplitter(Lines.ID, 1);
    private final List<Line> lines = new ArrayList<>();

    private void out(String text) {
        record(LogStream.STDOUT, TIME + " " + text);
    }

    private void err(String text) {
        record(LogStream.STDERR, TIME + " " + text);
    }

    private void record(LogStream stream, String record) {
        byte[] bytes = record.getBytes(StandardCharsets.UTF_8);
        splitter.record(stream, bytes, 0, bytes.length, lines::add);
    }

    private List<String> texts() {
        return lines.stream().map(line -> line.seq() + " " + Lines.text(line)).toList();
    }

    @Test
    void a_record_with_a_newline_is_a_line_without_it() {
        out("hello\n");
        assertThat(texts()).containsExactly("0 out|hello");
        assertThat(lines.getFirst().time()).isEqualTo(Instant.parse(TIME));
    }

    @Test
    void empty_lines_count() {
        out("\n");
        out("\n");
        err("\n");
        assertThat(texts()).containsExactly("0 out|", "1 out|", "2 err|");
    }

    @Test
    void a_carriage_return_is_the_programs_own() {
        out("dos\r\n");
        out("\r\n");
        out("50%\r100%\n");
        assertThat(texts()).containsExactly("0 out|dos\r", "1 out|\r", "2 out|50%\r100%");
    }

    @Test
    void records_without_newline_are_joined_and_their_timestamps_go() {
        out("a".repeat(16384));
        record(LogStream.STDOUT, LATER + " " + "b".repeat(16384));
        record(LogStream.STDOUT, LATER + " c\n");
        assertThat(texts()).containsExactly("0 out|" + "a".repeat(16384) + "b".repeat(16384) + "c");
        assertThat(lines.getFirst().time()).isEqualTo(Instant.parse(TIME));
    }

    @Test
    void a_line_is_numbered_when_its_last_byte_is_read() {
        out("long ");
        err("first\n");
        err("second ");
        out("line\n");
        err("line\n");
        assertThat(texts()).containsExactly("0 err|first", "1 out|long line", "2 err|second line");
    }

    @Test
    void the_last_line_may_lack_its_newline() {
        err("whole\n");
        err("of the one");
        out("of the other");
        splitter.finish(lines::add);
        assertThat(texts())
                .containsExactly("0 err|whole", "1 err|of the one+", "2 out|of the other+");
    }

    @Test
    void nothing_is_made_up_at_the_end() {
        out("done\n");
        splitter.finish(lines::add);
        assertThat(lines).hasSize(1);
        assertThat(splitter.lines()).isEqualTo(1);
    }

    @Test
    void a_line_of_just_the_limit_is_whole() {
        out("x".repeat(Line.MAX_BYTES) + "\n");
        assertThat(lines)
                .singleElement()
                .satisfies(
                        line -> {
                            assertThat(line.bytes()).hasSize(Line.MAX_BYTES);
                            assertThat(line.partial()).isFalse();
                        });
    }

    @Test
    void a_longer_line_is_cut_in_numbered_pieces_of_which_all_but_the_last_are_partial() {
        for (int i = 0; i < 13; i++) {
            out("x".repeat(16384));
            if (i == 4) {
                err("between\n");
            }
        }
        out("end\n");
        assertThat(lines)
                .extracting(
                        line -> line.stream() + " " + line.bytes().length + " " + line.partial())
                .containsExactly(
                        "STDOUT 65536 true",
                        "STDERR 7 false",
                        "STDOUT 65536 true",
                        "STDOUT 65536 true",
                        "STDOUT 16387 false");
        assertThat(lines).extracting(Line::seq).containsExactly(0L, 1L, 2L, 3L, 4L);
    }

    @Test
    void several_lines_in_one_record_are_split() {
        out("one\n\ntwo\nthr");
        out("ee\n");
        assertThat(texts()).containsExactly("0 out|one", "1 out|", "2 out|two", "3 out|three");
    }

    @Test
    void bytes_that_are_no_text_stay() {
        byte[] record = (TIME + " ").getBytes(StandardCharsets.US_ASCII);
        byte[] bytes = java.util.Arrays.copyOf(record, record.length + 4);
        bytes[record.length] = (byte) 0xff;
        bytes[record.length + 1] = 0;
        bytes[record.length + 2] = (byte) 0xfe;
        bytes[record.length + 3] = '\n';
        splitter.record(LogStream.STDOUT, bytes, 0, bytes.length, lines::add);
        assertThat(lines.getFirst().bytes()).containsExactly(0xff, 0, 0xfe);
    }

    @Test
    void a_record_without_timestamp_keeps_all_its_bytes() {
        out("timed\n");
        record(LogStream.STDOUT, "not timed\n");
        assertThat(texts()).containsExactly("0 out|timed", "1 out|not timed");
    }

    @Test
    void timestamps_of_every_length_are_read() {
        for (String time :
                List.of(
                        "2026-01-02T03:04:05Z",
                        "2026-01-02T03:04:05.1Z",
                        "2026-01-02T03:04:05.000000001Z",
                        "2026-12-31T23:59:59.999999999Z",
                        "2026-01-02T03:04:05.123+02:00",
                        "2026-01-02T03:04:05.12Z")) {
            lines.clear();
            record(LogStream.STDOUT, time + " x\n");
            assertThat(lines.getFirst().time())
                    .isEqualTo(java.time.OffsetDateTime.parse(time).toInstant());
        }
    }
}
