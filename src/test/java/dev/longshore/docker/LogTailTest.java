package dev.longshore.docker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

class LogTailTest {
    private final LogTail tail = new LogTail();
    private final List<String> missing = new ArrayList<>();

    private boolean giveMissing() {
        return tail.giveMissing(
                (type, bytes, from, to) ->
                        missing.add(
                                type
                                        + new String(
                                                bytes,
                                                from,
                                                to - from,
                                                StandardCharsets.US_ASCII)));
    }

    private void read(String record) {
        byte[] bytes = ("??" + record).getBytes(StandardCharsets.US_ASCII);
        tail.read(1, bytes, 2, bytes.length);
    }

    private void file(String... records) {
        for (String record : records) {
            byte[] bytes = record.getBytes(StandardCharsets.US_ASCII);
            tail.add(1, bytes, 0, bytes.length);
        }
    }

    @Test
    void nothing_is_missing_where_the_last_read_is_the_files_last() {
        read("a");
        read("b");
        file("a", "b");
        assertThat(giveMissing()).isTrue();
        assertThat(missing).isEmpty();
    }

    @Test
    void what_follows_the_last_read_is_given() {
        read("long record before");
        read("b");
        file("a", "b", "c", "d");
        assertThat(giveMissing()).isTrue();
        assertThat(missing).containsExactly("1c", "1d");
    }

    @Test
    void a_tail_without_the_last_read_does_not_tell() {
        read("a");
        file("x", "y");
        assertThat(giveMissing()).isFalse();
        assertThat(missing).isEmpty();
    }

    @Test
    void equal_records_do_not_tell() {
        read("x");
        file("x", "x", "end");
        assertThat(giveMissing()).isFalse();
    }

    @Test
    void the_stream_counts_too() {
        read("x");
        byte[] bytes = {'x'};
        tail.add(2, bytes, 0, 1);
        assertThat(giveMissing()).isFalse();
    }

    @Test
    void where_nothing_was_read_a_short_file_is_all_of_it() {
        file("a", "b");
        assertThat(giveMissing()).isTrue();
        assertThat(missing).containsExactly("1a", "1b");
    }

    @Test
    void where_nothing_was_read_a_full_tail_does_not_tell() {
        for (int i = 0; i < LogTail.RECORDS; i++) {
            file("r" + i);
        }
        assertThat(giveMissing()).isFalse();
    }
}
