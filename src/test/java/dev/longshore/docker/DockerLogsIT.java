package dev.longshore.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.LogRecord.Line;
import dev.longshore.job.LogStream;

import io.vertx.core.Future;
import io.vertx.core.Promise;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Lines as a real engine keeps them: what was printed, once each, under numbers that a second
 * reading repeats.
 */
class DockerLogsIT extends RealEngine {
    private Lines linesOf(String script) {
        String id = started(script);
        Lines live = new Lines();
        LogEnd end = readAll(Lines.of(id), live);
        assertThat(end).isEqualTo(new LogEnd(live.lines().size(), true));
        Lines again = new Lines();
        assertThat(readAll(Lines.of(id), again)).isEqualTo(end);
        assertThat(again.exact()).isEqualTo(live.exact());
        assertThat(live.lines())
                .extracting(Line::seq)
                .containsExactlyElementsOf(
                        IntStream.range(0, live.lines().size()).mapToObj(Long::valueOf).toList());
        return live;
    }

    private static String xs(int count) {
        return "head -c " + count + " /dev/zero | tr '\\0' x; echo; ";
    }

    @Test
    void lines_around_the_engines_record_size_are_whole() {
        assertThat(linesOf(xs(16383) + xs(16384) + xs(16385) + xs(32768)).lines())
                .extracting(line -> line.bytes().length)
                .containsExactly(16383, 16384, 16385, 32768);
    }

    @Test
    void a_line_of_200_000_bytes_comes_in_pieces() {
        List<Line> lines = linesOf(xs(200_000) + "echo after").lines();
        assertThat(lines)
                .extracting(line -> line.bytes().length + " " + line.partial())
                .containsExactly("65536 true", "65536 true", "65536 true", "3392 false", "5 false");
        assertThat(lines.subList(0, 4))
                .allSatisfy(line -> assertThat(line.bytes()).containsOnly('x'));
    }

    @Test
    void each_stream_keeps_its_order() {
        List<Line> lines =
                linesOf("i=0; while [ $i -lt 500 ]; do echo o$i; echo e$i >&2; i=$((i+1)); done")
                        .lines();
        for (LogStream stream : LogStream.values()) {
            String prefix = stream == LogStream.STDOUT ? "out|o" : "err|e";
            assertThat(
                            lines.stream()
                                    .filter(line -> line.stream() == stream)
                                    .map(Lines::text)
                                    .toList())
                    .isEqualTo(IntStream.range(0, 500).mapToObj(i -> prefix + i).toList());
        }
    }

    @Test
    void long_lines_of_both_streams_do_not_mix() {
        String half = "head -c 40000 /dev/zero | tr '\\0' ";
        Lines lines =
                linesOf(
                        "("
                                + half
                                + "o; sleep 0.2; "
                                + half
                                + "o; echo) & "
                                + "(sleep 0.1; "
                                + half
                                + "e; sleep 0.2; "
                                + half
                                + "e; echo) >&2 & wait");
        for (LogStream stream : LogStream.values()) {
            byte letter = (byte) (stream == LogStream.STDOUT ? 'o' : 'e');
            assertThat(lines.lines().stream().filter(line -> line.stream() == stream))
                    .allSatisfy(line -> assertThat(line.bytes()).containsOnly(letter))
                    .extracting(line -> line.bytes().length)
                    .containsExactly(65536, 80000 - 65536);
        }
    }

    @Test
    void empty_lines_carriage_returns_and_a_missing_last_newline_stay_as_printed() {
        assertThat(linesOf("printf '\\n\\na\\r\\n\\r\\nb\\rc\\n\\nend'").texts())
                .containsExactly(
                        "out|", "out|", "out|a\r", "out|\r", "out|b\rc", "out|", "out|end+");
    }

    @Test
    void nothing_printed_is_no_line() {
        assertThat(linesOf("true").records).isEmpty();
    }

    @Test
    void text_beyond_ascii_stays_whole_within_a_record() {
        assertThat(
                        linesOf(
                                        "i=0; while [ $i -lt 3000 ]; do printf '😀'; i=$((i+1));"
                                                + " done; echo")
                                .texts())
                .containsExactly("out|" + "😀".repeat(3000));
    }

    @Test
    void a_character_across_the_engines_records_costs_no_other_character() {
        // The json-file driver replaces what is no UTF-8 within one record, so the cut character
        // itself is the engine's.
        String script = "head -c 16382 /dev/zero | tr '\\0' x; printf '😀tail\\n'; echo next";
        List<String> texts = linesOf(script).texts();
        assertThat(texts).hasSize(2);
        assertThat(texts.getFirst()).startsWith("out|" + "x".repeat(16382)).endsWith("tail");
        assertThat(texts.getLast()).isEqualTo("out|next");
    }

    @Test
    void bytes_that_are_no_text_are_replaced_by_the_engine_and_lose_no_line() {
        assertThat(linesOf("printf 'a\\377b\\000c\\376\\n'; echo next").texts())
                .containsExactly("out|a\uFFFDb\0c\uFFFD", "out|next");
    }

    @Test
    void a_follow_from_the_start_to_the_end_gives_lines_while_the_program_runs() {
        String id = started("echo first; exec sleep 600");
        Lines lines = new Lines();
        LogFollow follow =
                ask(
                        () -> {
                            Promise<LogFollow> seen = Promise.promise();
                            LogFollow[] opened = new LogFollow[1];
                            opened[0] =
                                    docker.follow(
                                            Lines.of(id),
                                            batch -> {
                                                lines.accept(batch);
                                                seen.tryComplete(opened[0]);
                                            });
                            return seen.future();
                        });
        assertThat(lines.texts()).containsExactly("out|first");
        assertThat(follow.end().isComplete()).isFalse();
        ask(() -> docker.kill(id, "SIGKILL"));
        assertThat(ask(follow::end)).isEqualTo(new LogEnd(1, true));
    }

    @Test
    void a_paused_follow_holds_back_a_flood_and_then_gives_all_of_it() {
        int count = 100_000;
        String id = started("seq 1 " + count);
        Lines lines = new Lines();
        LogFollow[] opened = new LogFollow[1];
        Promise<Void> first = Promise.promise();
        ask(
                () -> {
                    opened[0] =
                            docker.follow(
                                    Lines.of(id),
                                    batch -> {
                                        lines.accept(batch);
                                        if (first.tryComplete()) {
                                            opened[0].pause();
                                        }
                                    });
                    return first.future();
                });
        ask(() -> docker.awaitExit(id));
        int held = lines.records.size();
        ask(docker::ping);
        assertThat(lines.records).hasSize(held).hasSizeLessThan(count);
        assertThat(opened[0].end().isComplete()).isFalse();
        LogEnd end =
                ask(
                        () -> {
                            opened[0].resume();
                            return opened[0].end();
                        });
        assertThat(end).isEqualTo(new LogEnd(count, true));
        assertThat(lines.texts())
                .isEqualTo(IntStream.rangeClosed(1, count).mapToObj(i -> "out|" + i).toList());
    }

    @Test
    void every_one_of_many_short_containers_gives_its_line() {
        int count = Integer.getInteger("longshore.it.containers", 60);
        List<String> missing = new ArrayList<>();
        for (int from = 0; from < count; from += 6) {
            List<Future<Lines>> group = new ArrayList<>();
            for (int i = from; i < Math.min(count, from + 6); i++) {
                String word = "word" + i;
                group.add(
                        asked(
                                () ->
                                        echo(word)
                                                .map(
                                                        lines -> {
                                                            if (!lines.texts()
                                                                    .equals(
                                                                            List.of(
                                                                                    "out|"
                                                                                            + word))) {
                                                                missing.add(
                                                                        word
                                                                                + " gave "
                                                                                + lines.records);
                                                            }
                                                            return lines;
                                                        })));
            }
            group.forEach(this::await);
        }
        assertThat(missing).isEmpty();
    }

    private Future<Lines> echo(String word) {
        Lines lines = new Lines();
        return docker.create(spec("echo " + word))
                .compose(
                        id ->
                                docker.start(id)
                                        .compose(_ -> docker.follow(Lines.of(id), lines).end())
                                        .compose(
                                                end ->
                                                        end.equals(new LogEnd(1, true))
                                                                ? docker.remove(id)
                                                                : Future.failedFuture(
                                                                        word + " ended as " + end)))
                .map(lines);
    }

    @Test
    void bytes_are_what_docker_logs_would_print() {
        String text = "tab\\there  two spaces \\033[31mred\\033[0m";
        assertThat(linesOf("printf '" + text + "\\n'").lines().getFirst().bytes())
                .isEqualTo(
                        "tab\there  two spaces \u001b[31mred\u001b[0m"
                                .getBytes(StandardCharsets.UTF_8));
    }
}
