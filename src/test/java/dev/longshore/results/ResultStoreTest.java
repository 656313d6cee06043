package dev.longshore.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.job.ExecutionId;
import dev.longshore.job.LogRecord;
import dev.longshore.job.LogStream;

import io.vertx.core.Future;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

class ResultStoreTest extends StoreFixture {
    private static final Instant NOW = Instant.parse("2026-01-31T00:00:00Z");
    private static final Instant LONG_AGO = NOW.minus(Duration.ofDays(8));

    @Test
    void keeps_everything_for_its_owner_only() throws IOException {
        collect(Tars.ofOut().directory("out/d/").file("out/d/f", "x").end());

        try (Stream<Path> walk = Files.walk(root)) {
            assertThat(walk)
                    .allSatisfy(
                            path ->
                                    assertThat(mode(path))
                                            .isEqualTo(
                                                    Files.isDirectory(path)
                                                            ? "rwx------"
                                                            : "rw-------"));
        }
    }

    @Test
    void makes_both_log_files_also_when_nothing_is_printed() throws IOException {
        ask(begin()::finish);

        assertThat(tree(root)).containsExactly("e1", "e1/1", "e1/1/stderr.log", "e1/1/stdout.log");
        assertThat(log("stdout")).isEmpty();
    }

    @Test
    void appends_each_streams_lines_in_order_and_ends_a_line_only_where_it_ends()
            throws IOException {
        ResultWriter writer = begin();
        List<Future<Void>> writes = new ArrayList<>();
        ask(
                () -> {
                    writes.add(writer.write(List.of(out("a", false), err("x", false))));
                    writes.add(writer.write(List.of(out("b1", true), err("y", false))));
                    writes.add(
                            writer.write(
                                    List.of(
                                            out("b2", false),
                                            new LogRecord.Gap(ID, 1, "engine-restart", -1),
                                            new LogRecord.End(ID, 1, 5, true))));
                    return writer.finish();
                });

        assertThat(writes).allMatch(Future::succeeded);
        assertThat(log("stdout")).isEqualTo("a\nb1b2\n");
        assertThat(log("stderr")).isEqualTo("x\ny\n");
    }

    @Test
    void keeps_the_order_of_many_batches() throws IOException {
        ResultWriter writer = begin();
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 500; i++) {
            expected.append(i).append('\n');
        }
        ask(
                () -> {
                    for (int i = 0; i < 500; i++) {
                        writer.write(List.of(out(Integer.toString(i), false)));
                    }
                    return writer.finish();
                });

        assertThat(log("stdout")).isEqualTo(expected.toString());
    }

    @Test
    void replaces_what_an_earlier_life_left_of_the_attempt_but_no_other_attempt()
            throws IOException {
        Path old = store.directory(ID, 1);
        Files.createDirectories(old.resolve("outputs/thumbs"));
        Files.writeString(old.resolve("stdout.log"), "old");
        Files.createDirectories(store.directory(ID, 2));

        ask(begin()::finish);

        assertThat(tree(root))
                .containsExactly("e1", "e1/1", "e1/1/stderr.log", "e1/1/stdout.log", "e1/2");
        assertThat(log("stdout")).isEmpty();
    }

    @Test
    void replaces_a_link_in_the_place_of_an_execution_and_never_follows_it() throws IOException {
        Path elsewhere = Files.createDirectories(temp.resolve("elsewhere/1"));
        Files.writeString(elsewhere.resolve("stdout.log"), "precious");
        Files.createSymbolicLink(root.resolve("e1"), elsewhere.getParent());

        ResultWriter writer = begin();
        ask(() -> writer.write(List.of(out("line", false))).compose(_ -> writer.finish()));

        assertThat(elsewhere.resolve("stdout.log")).hasContent("precious");
        assertThat(root.resolve("e1")).isDirectory();
        assertThat(Files.isSymbolicLink(root.resolve("e1"))).isFalse();
        assertThat(log("stdout")).isEqualTo("line\n");
    }

    @Test
    void fails_all_writes_after_one_that_failed() throws IOException {
        // A file where a directory has to be, which nobody can replace: its name has a parent.
        ResultStore lost = new ResultStore(vertx, ResultSettings.under(temp.resolve("file/x")));
        Files.writeString(temp.resolve("file"), "");
        ResultWriter writer = ask(() -> Future.succeededFuture(lost.begin(ID, 1)));

        assertThatThrownBy(() -> ask(() -> writer.write(List.of(out("a", false)))))
                .isInstanceOf(ResultFailure.DiskFailed.class);
        assertThatThrownBy(() -> ask(writer::finish)).isInstanceOf(ResultFailure.DiskFailed.class);
    }

    @Test
    void refuses_a_directory_that_cannot_be_one() throws IOException {
        Files.writeString(temp.resolve("file"), "");

        assertThatThrownBy(() -> open(temp.resolve("file")))
                .isInstanceOf(ResultFailure.Unusable.class)
                .hasMessageContaining(temp.resolve("file").toString())
                .hasMessageContaining("results.directory");
        assertThatThrownBy(() -> open(temp.resolve("file/below")))
                .isInstanceOf(ResultFailure.Unusable.class);
    }

    @Test
    void refuses_a_directory_that_others_may_write_and_changes_nothing_of_it() throws IOException {
        Path shared = Files.createDirectory(temp.resolve("shared"));
        Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxrwxrwx"));

        assertThatThrownBy(() -> open(shared))
                .isInstanceOf(ResultFailure.Unusable.class)
                .hasMessageContaining("others");
        assertThat(mode(shared)).isEqualTo("rwxrwxrwx");
    }

    @Test
    void removes_all_of_an_execution_and_minds_not_if_there_is_nothing() throws IOException {
        collect(Tars.ofOut().file("out/f", "x").end());
        ask(() -> store.remove(ID));
        ask(() -> store.remove(ID));

        assertThat(tree(root)).isEmpty();
    }

    @Test
    void removes_a_link_and_not_what_it_leads_to() throws IOException {
        Path elsewhere = Files.createDirectories(temp.resolve("elsewhere"));
        Files.writeString(elsewhere.resolve("f"), "precious");
        Files.createSymbolicLink(root.resolve("e1"), elsewhere);

        ask(() -> store.remove(ID));

        assertThat(elsewhere.resolve("f")).hasContent("precious");
        assertThat(tree(root)).isEmpty();
    }

    @Test
    void sweeps_what_was_last_written_longer_ago_than_it_is_kept() throws IOException {
        execution("old", LONG_AGO);
        execution("young", NOW);
        execution("alive", LONG_AGO);
        Files.setLastModifiedTime(
                execution("written", LONG_AGO).resolve("1/stdout.log"), FileTime.from(NOW));

        assertThat(sweep()).isEqualTo(1);
        assertThat(children()).containsExactly("alive", "written", "young");
        assertThat(sweep()).isZero();
    }

    @Test
    void leaves_strangers_alone() throws IOException {
        age(Files.createDirectory(root.resolve("lost+found")));
        Path photos = Files.createDirectory(root.resolve("photos"));
        age(Files.createDirectory(photos.resolve("2019-05")));
        age(photos);
        age(Files.writeString(root.resolve("README"), "mine"));
        Files.createSymbolicLink(root.resolve("link"), execution("young", NOW));

        assertThat(sweep()).isZero();
        assertThat(children()).containsExactly("README", "link", "lost+found", "photos", "young");
    }

    @Test
    void finishes_a_removal_that_was_cut_short() throws IOException {
        age(Files.createDirectories(root.resolve(".gone-1/1")));

        assertThat(sweep()).isZero();
        assertThat(children()).isEmpty();
    }

    private int sweep() {
        return ask(() -> store.sweep(NOW, id -> id.value().equals("alive")));
    }

    private Path execution(String id, Instant written) throws IOException {
        Path attempt = store.directory(new ExecutionId(id), 1);
        Files.createDirectories(attempt);
        Path log = Files.writeString(attempt.resolve("stdout.log"), "");
        Path execution = root.resolve(id);
        for (Path each : List.of(log, attempt, execution)) {
            Files.setLastModifiedTime(each, FileTime.from(written));
        }
        return execution;
    }

    private static void age(Path path) throws IOException {
        Files.setLastModifiedTime(path, FileTime.from(LONG_AGO));
    }

    private List<String> children() throws IOException {
        try (Stream<Path> list = Files.list(root)) {
            return list.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    private void open(Path directory) {
        ResultStore other = new ResultStore(vertx, ResultSettings.under(directory));
        ask(other::open);
    }

    private String log(String stream) throws IOException {
        return Files.readString(store.directory(ID, 1).resolve(stream + ".log"));
    }

    private static String mode(Path path) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    private static LogRecord.Line out(String text, boolean partial) {
        return line(LogStream.STDOUT, text, partial);
    }

    private static LogRecord.Line err(String text, boolean partial) {
        return line(LogStream.STDERR, text, partial);
    }

    private static LogRecord.Line line(LogStream stream, String text, boolean partial) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new LogRecord.Line(ID, 1, 0, stream, NOW, bytes, partial);
    }
}
