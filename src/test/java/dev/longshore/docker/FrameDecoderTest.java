package dev.longshore.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

class FrameDecoderTest {
    private final List<String> records = new ArrayList<>();
    private final FrameDecoder decoder = new FrameDecoder();

    private void feed(byte[] bytes) {
        decoder.feed(
                bytes,
                (type, b, from, to) ->
                        records.add(
                                type
                                        + ":"
                                        + new String(
                                                b, from, to - from, StandardCharsets.ISO_8859_1)));
    }

    static byte[] frame(int type, String payload) {
        byte[] bytes = payload.getBytes(StandardCharsets.ISO_8859_1);
        return ByteBuffer.allocate(8 + bytes.length)
                .put((byte) type)
                .put(new byte[3])
                .putInt(bytes.length)
                .put(bytes)
                .array();
    }

    @Test
    void gives_the_same_records_however_the_stream_is_cut() {
        Random random = new Random(7);
        for (int round = 0; round < 200; round++) {
            ByteArrayOutputStream stream = new ByteArrayOutputStream();
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                int type = 1 + random.nextInt(2);
                String payload =
                        "x".repeat(random.nextInt(10) == 0 ? 16 << 10 : random.nextInt(200)) + i;
                expected.add(type + ":" + payload);
                stream.writeBytes(frame(type, payload));
            }
            records.clear();
            byte[] all = stream.toByteArray();
            int most = round % 3 == 0 ? 9 : 40_000;
            for (int at = 0; at < all.length; ) {
                int count = Math.min(all.length - at, 1 + random.nextInt(most));
                feed(Arrays.copyOfRange(all, at, at + count));
                at += count;
            }
            assertThat(records).isEqualTo(expected);
            assertThat(decoder.insideFrame()).isFalse();
        }
    }

    @Test
    void an_end_inside_a_frame_is_seen() {
        byte[] frame = frame(1, "hello");
        feed(Arrays.copyOf(frame, frame.length - 1));
        assertThat(decoder.insideFrame()).isTrue();
        assertThat(records).isEmpty();
    }

    @Test
    void an_empty_frame_is_a_record() {
        feed(frame(2, ""));
        assertThat(records).containsExactly("2:");
    }

    @Test
    void the_engines_own_error_is_told_apart() {
        feed(frame(3, "Error grabbing logs"));
        assertThat(records).containsExactly("3:Error grabbing logs");
    }

    @Test
    void a_terminals_stream_has_no_headers_and_is_cut_at_newlines() {
        String time = "2026-01-02T03:04:05.123456789Z ";
        feed((time + "one\r\n" + time + "tw").getBytes(StandardCharsets.US_ASCII));
        feed("o\r\n".getBytes(StandardCharsets.US_ASCII));
        feed((time + "last").getBytes(StandardCharsets.US_ASCII));
        decoder.end(
                (type, b, from, to) ->
                        records.add(
                                type
                                        + ":"
                                        + new String(
                                                b, from, to - from, StandardCharsets.ISO_8859_1)));
        assertThat(records)
                .containsExactly(
                        "1:" + time + "one\r\n", "1:" + time + "two\r\n", "1:" + time + "last");
    }

    @Test
    void what_cannot_be_a_log_is_refused() {
        byte[] huge = ByteBuffer.allocate(8).put((byte) 1).put(new byte[3]).putInt(1 << 30).array();
        assertThatThrownBy(() -> feed(huge)).isInstanceOf(IllegalStateException.class);
    }
}
