package dev.longshore.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.job.Output;
import dev.longshore.results.ResultFailure.Limit;
import dev.longshore.results.ResultFailure.Malformed;
import dev.longshore.results.ResultFailure.TooLarge;

import io.vertx.core.buffer.Buffer;

import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.function.Supplier;

/**
 * What no engine sends, and what is more than the node takes: it ends at once, with nothing left.
 */
class HostileTarTest extends StoreFixture {
    private static final long GIB = 1L << 30;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/etc/passwd",
                "out/../../escaped",
                "out/..",
                "../escaped",
                "out/./f",
                "out//f",
                "elsewhere/f",
                "out/d/f/"
            })
    void a_name_that_no_file_system_gives_ends_it(String name) throws IOException {
        refused(Tars.ofOut().file("out/first", "x").file(name, "evil").end(), "not kept");
        assertThat(Files.exists(temp.resolve("escaped"))).isFalse();
    }

    @Test
    void names_with_a_nul_nothing_or_too_much_in_them_end_it() throws IOException {
        refused(Tars.ofOut().paxNamed(bytes("out/a\0b"), "x").end(), "not kept");
        refused(Tars.ofOut().paxNamed(bytes("/out/../../x"), "x").end(), "'..'");
        refused(Tars.ofOut().paxNamed(bytes("out/" + "n".repeat(256)), "x").end(), "255 bytes");
        refused(Tars.ofOut().file("", "x").end(), "empty");
    }

    @Test
    void what_is_no_directory_is_said_to_be_none() throws IOException {
        refused(new Tars().file("out", "x").end(), "not a directory");
        refused(new Tars().link("out", Tars.SYMLINK, "/etc").end(), "not a directory");
        refused(new Tars().file("out/f", "x").end(), "not a directory");
        refused(new Tars().end(), "empty");
        refused(new byte[0], "empty");
        refused(
                "no tar at all, by no means".repeat(100).getBytes(StandardCharsets.UTF_8),
                "no tar");
    }

    @Test
    void a_directory_with_content_ends_it() throws IOException {
        byte[] inside = Tars.ofOut().file("out/smuggled", "x").end();
        byte[] tar =
                Tars.ofOut()
                        .raw(Tars.header(bytes("out/d/"), Tars.DIRECTORY, inside.length, ""))
                        .raw(inside)
                        .end();

        refused(tar, "directory with content");
    }

    @Test
    void a_tar_that_ends_early_is_not_taken_for_whole() throws IOException {
        byte[] whole = Tars.ofOut().file("out/f", "x".repeat(700)).file("out/g", "y").cut();
        for (int cut : List.of(512, 513, 1024, 1500, 1024 + 700, 2048, whole.length)) {
            byte[] part = new byte[cut];
            System.arraycopy(whole, 0, part, 0, cut);
            refused(part, "not kept");
        }
    }

    @Test
    void sparse_files_end_it() throws IOException {
        byte[] header = Tars.header(bytes("out/f"), Tars.GNU_SPARSE, 0, "");
        refused(Tars.ofOut().raw(header).end(), "not kept");
        byte[] record = Tars.paxRecord("GNU.sparse.realsize", bytes("9000000000000000000"));
        refused(
                Tars.ofOut()
                        .raw(Tars.header(bytes("pax"), Tars.PAX, record.length, ""))
                        .raw(Tars.padded(record))
                        .file("out/f", "")
                        .end(),
                "not kept");
    }

    @Test
    void bytes_beyond_the_limit_end_it_before_they_are_read() throws IOException {
        byte[] start =
                Tars.ofOut()
                        .file("out/small", "x")
                        .raw(Tars.header(bytes("out/f"), Tars.FILE, GIB, ""))
                        .cut();

        ScriptedStream stream = forever(start, new byte[64 << 10]);
        assertThat(tooLarge(stream, Limit.BYTES)).contains("1048576 bytes");
        assertThat(await(stream.closed().future())).isLessThan(8L << 20);
    }

    @Test
    void the_limits_are_for_all_outputs_of_an_attempt_and_what_was_not_kept_is_given_back() {
        ResultWriter writer = begin();
        byte[] most = Tars.ofOut().file("out/f", "x".repeat(700_000)).end();
        collect(writer, OUT, most);
        Output other = new Output("other", "/out");
        byte[] less = Tars.ofOut().file("out/f", "x".repeat(300_000)).end();

        assertThatThrownBy(() -> collect(writer, other, most)).isInstanceOf(TooLarge.class);
        assertThat(collect(writer, other, less).bytes()).isEqualTo(300_000);
    }

    @Test
    void directories_too_deep_end_it() throws IOException {
        Tars tar = Tars.ofOut();
        String path = "out/";
        for (int i = 0; i <= MOST_DEPTH; i++) {
            path += "d/";
            tar.directory(path);
        }

        assertThat(tooLarge(ScriptedStream.of(context, tar.end()), Limit.DEPTH)).contains("4 deep");
    }

    @ParameterizedTest
    @ValueSource(chars = {Tars.FILE, Tars.DIRECTORY, Tars.SYMLINK})
    void endless_entries_end_it_whatever_they_are(char kind) throws IOException {
        int[] count = new int[1];
        Supplier<Buffer> pieces =
                () ->
                        Buffer.buffer(
                                count[0] == 0
                                        ? Tars.ofOut().cut()
                                        : Tars.header(bytes("out/" + count[0]), kind, 0, "x"));
        ScriptedStream stream =
                new ScriptedStream(
                        context,
                        () -> {
                            Buffer next = pieces.get();
                            count[0]++;
                            return next;
                        });

        assertThat(tooLarge(stream, Limit.FILES)).contains("100 files");
        assertThat(await(stream.closed().future())).isLessThan(8L << 20);
    }

    @ParameterizedTest
    @ValueSource(chars = {Tars.PAX, Tars.GLOBAL_PAX, Tars.GNU_LONG_NAME})
    void headers_of_a_gigabyte_end_it_before_they_are_read(char kind) throws IOException {
        byte[] start =
                Tars.ofOut()
                        .raw(Tars.header(bytes("header"), kind, GIB, ""))
                        .raw(bytes(kind == Tars.GNU_LONG_NAME ? "" : "1073741824 path="))
                        .cut();
        byte[] more = "n".repeat(64 << 10).getBytes(StandardCharsets.US_ASCII);

        ScriptedStream stream = forever(start, more);
        ResultWriter writer = begin();
        assertThatThrownBy(() -> ask(() -> writer.collect(OUT, stream)))
                .isInstanceOf(Malformed.class)
                .hasMessageContaining("headers of more than");
        assertThat(await(stream.closed().future())).isLessThan(8L << 20);
        assertThat(tree(outputs())).isEmpty();
    }

    @Test
    void headers_that_pile_up_end_it() throws IOException {
        byte[] record = Tars.paxRecord("comment", bytes("c".repeat(20_000)));
        byte[] headers =
                new Tars()
                        .raw(Tars.header(bytes("g"), Tars.GLOBAL_PAX, record.length, ""))
                        .raw(Tars.padded(record))
                        .cut();

        ScriptedStream stream = forever(Tars.ofOut().cut(), headers);
        ResultWriter writer = begin();
        assertThatThrownBy(() -> ask(() -> writer.collect(OUT, stream)))
                .isInstanceOf(Malformed.class);
        assertThat(await(stream.closed().future())).isLessThan(8L << 20);
    }

    @Test
    void what_goes_on_for_ever_after_the_end_is_not_read_for_ever() throws IOException {
        ScriptedStream stream = forever(Tars.ofOut().end(), new byte[64 << 10]);
        ResultWriter writer = begin();

        assertThatThrownBy(() -> ask(() -> writer.collect(OUT, stream)))
                .isInstanceOf(Malformed.class);
        assertThat(await(stream.closed().future())).isLessThan(8L << 20);
    }

    @Test
    void hard_links_count_as_many_bytes_as_their_file_has() throws IOException {
        Tars tar = Tars.ofOut().file("out/f", "x".repeat((int) MOST_BYTES / 2 + 1));
        byte[] linked = tar.link("out/g", Tars.HARD_LINK, "out/f").end();

        assertThatThrownBy(() -> collect(linked))
                .asInstanceOf(InstanceOfAssertFactories.type(TooLarge.class))
                .satisfies(failure -> assertThat(failure.limit()).isEqualTo(Limit.BYTES));
        assertThat(tree(outputs())).isEmpty();
    }

    private ScriptedStream forever(byte[] start, byte[] more) {
        Queue<Buffer> first = new ArrayDeque<>(List.of(Buffer.buffer(start)));
        return new ScriptedStream(
                context, () -> first.isEmpty() ? Buffer.buffer(more) : first.remove());
    }

    private void refused(byte[] tar, String saying) throws IOException {
        assertThatThrownBy(() -> collect(tar))
                .isInstanceOf(Malformed.class)
                .hasMessageContaining(saying);
        assertThat(tree(outputs())).isEmpty();
    }

    private String tooLarge(ScriptedStream stream, Limit limit) throws IOException {
        ResultWriter writer = begin();
        String message =
                assertThatThrownBy(() -> ask(() -> writer.collect(OUT, stream)))
                        .asInstanceOf(InstanceOfAssertFactories.type(TooLarge.class))
                        .satisfies(failure -> assertThat(failure.limit()).isEqualTo(limit))
                        .actual()
                        .getMessage();
        assertThat(tree(outputs())).isEmpty();
        return String.valueOf(message);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
