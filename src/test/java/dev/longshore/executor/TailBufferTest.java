package dev.longshore.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.ExecutionId;
import dev.longshore.job.LogRecord;
import dev.longshore.job.LogStream;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Random;

class TailBufferTest {
    private final TailBuffer buffer = new TailBuffer();

    @Test
    void keeps_all_that_fits() {
        buffer.add(line("one", false));
        buffer.add(line("tw", true));
        buffer.add(line("o", false));

        assertThat(buffer.text()).isEqualTo("one\ntwo\n");
        assertThat(buffer.truncated()).isFalse();
    }

    @Test
    void keeps_the_end_of_what_does_not_fit_whatever_the_lines_are() {
        Random random = new Random(7);
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < 20_000; i++) {
            String text = "x".repeat(random.nextInt(20)) + i;
            all.append(text).append('\n');
            buffer.add(line(text, false));
            if (i % 997 == 0) {
                int from = Math.max(0, all.length() - TailBuffer.LIMIT_BYTES);
                assertThat(buffer.text()).isEqualTo(all.substring(from));
                assertThat(buffer.truncated()).isEqualTo(from > 0);
            }
        }
        String huge = "y".repeat(3 * TailBuffer.LIMIT_BYTES);
        buffer.add(line(huge, true));
        assertThat(buffer.text()).isEqualTo(huge.substring(0, TailBuffer.LIMIT_BYTES));
    }

    @Test
    void leaves_out_a_character_that_was_cut() {
        buffer.add(line("ä".repeat(TailBuffer.LIMIT_BYTES / 2), false));

        assertThat(buffer.text()).startsWith("ä").endsWith("ä\n").doesNotContain("\uFFFD");
    }

    @Test
    void empty_lines_count_as_a_byte_each() {
        for (int i = 0; i < 100_000; i++) {
            buffer.add(line("", false));
        }

        assertThat(buffer.text()).hasSize(TailBuffer.LIMIT_BYTES);
        assertThat(buffer.truncated()).isTrue();
    }

    private static LogRecord.Line line(String text, boolean partial) {
        return new LogRecord.Line(
                new ExecutionId("e"),
                1,
                0,
                LogStream.STDOUT,
                Instant.EPOCH,
                text.getBytes(StandardCharsets.UTF_8),
                partial);
    }
}
