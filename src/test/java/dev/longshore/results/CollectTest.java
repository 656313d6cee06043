package dev.longshore.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.job.CollectedOutput;
import dev.longshore.job.Output;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

class CollectTest extends StoreFixture {
    private static final String SHA_OF_X =
            "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881";

    @Test
    void writes_and_tells_what_the_directory_has() throws IOException {
        byte[] tar =
                Tars.ofOut()
                        .directory("out/b/")
                        .file("out/b/f", "x")
                        .file("out/a", "")
                        .directory("out/empty/")
                        .end();

        CollectedOutput output = collect(tar);

        assertThat(output.name()).isEqualTo("thumbs");
        assertThat(output.path()).isEqualTo(outputs().resolve("thumbs").toString());
        assertThat(output.files()).isEqualTo(2);
        assertThat(output.bytes()).isEqualTo(1);
        assertThat(output.manifest())
                .extracting(CollectedOutput.Entry::path)
                .containsExactly("a", "b/f");
        assertThat(output.manifest().get(1).sha256()).isEqualTo(SHA_OF_X);
        assertThat(tree(outputs()))
                .containsExactly("thumbs", "thumbs/a", "thumbs/b", "thumbs/b/f", "thumbs/empty");
        assertThat(collected("b/f")).hasContent("x");
    }

    @Test
    void gives_back_what_it_took() throws IOException {
        String big = "0123456789".repeat(30_000);
        String longName = "n".repeat(200);
        collect(
                Tars.ofOut()
                        .directory("out/d/")
                        .file("out/d/big", big)
                        .paxNamed(("out/" + longName).getBytes(StandardCharsets.UTF_8), "long")
                        .file("out/ümlaut", "x")
                        .end());

        byte[] tar = download("thumbs");
        List<String> names = new ArrayList<>();
        try (var in = new TarArchiveInputStream(new ByteArrayInputStream(tar), "UTF-8")) {
            for (TarArchiveEntry each = in.getNextEntry(); each != null; each = in.getNextEntry()) {
                names.add(each.getName());
            }
        }
        CollectedOutput again = collect(begin2(), OUT, tar);

        assertThat(names)
                .containsExactly(
                        "thumbs/",
                        "thumbs/d/",
                        "thumbs/d/big",
                        "thumbs/" + longName,
                        "thumbs/ümlaut");
        assertThat(again.files()).isEqualTo(3);
        assertThat(store.directory(ID, 2).resolve("outputs/thumbs/d/big")).hasContent(big);
    }

    @Test
    void gives_the_newest_attempt_that_has_the_output() throws IOException {
        collect(Tars.ofOut().file("out/f", "first").end());
        collect(begin2(), OUT, Tars.ofOut().file("out/f", "second").end());
        ask(() -> store.begin(ID, 10).finish());

        assertThat(new String(download("thumbs"), StandardCharsets.UTF_8)).contains("second");
        assertThatThrownBy(() -> download("other")).isInstanceOf(ResultFailure.NotFound.class);
        assertThatThrownBy(() -> download("../thumbs")).isInstanceOf(ResultFailure.NotFound.class);
        assertThatThrownBy(() -> download(".thumbs")).isInstanceOf(ResultFailure.NotFound.class);
    }

    @Test
    void skips_whatever_is_no_file_or_directory() throws IOException {
        byte[] tar =
                Tars.ofOut()
                        .link("out/sym", Tars.SYMLINK, "/etc")
                        .file("out/sym/passwd", "evil")
                        .link("out/sym2", Tars.SYMLINK, "../../../..")
                        .file("out/sym2", "instead")
                        .file("out/first", "x")
                        .link("out/hard", Tars.HARD_LINK, "out/first")
                        .link("out/hard2", Tars.HARD_LINK, "/etc/passwd")
                        .entry("out/fifo", Tars.FIFO, "")
                        .entry("out/char", Tars.CHARACTER_DEVICE, "")
                        .entry("out/block", Tars.BLOCK_DEVICE, "")
                        .entry("out/unknown", 'Z', "content that is jumped over")
                        .file("out/last", "x")
                        .end();

        assertThat(collect(tar).files()).isEqualTo(4);
        assertThat(tree(outputs()))
                .containsExactly(
                        "thumbs", "thumbs/first", "thumbs/hard", "thumbs/last", "thumbs/sym2");
        assertThat(Files.isSymbolicLink(collected("sym2"))).isFalse();
        assertThat(collected("sym2")).hasContent("instead");
    }

    @Test
    void a_hard_link_is_a_file_of_its_own_with_the_same_content() throws IOException {
        byte[] tar =
                Tars.ofOut()
                        .directory("out/d/")
                        .file("out/d/first", "x")
                        .link("out/second", Tars.HARD_LINK, "out/d/first")
                        .link("out/third", Tars.HARD_LINK, "out/second")
                        .end();

        CollectedOutput output = collect(tar);

        assertThat(output.files()).isEqualTo(3);
        assertThat(output.bytes()).isEqualTo(3);
        assertThat(output.manifest())
                .extracting(entry -> entry.path() + " " + entry.sha256())
                .containsExactly("d/first " + SHA_OF_X, "second " + SHA_OF_X, "third " + SHA_OF_X);
        assertThat(collected("third")).hasContent("x");
        assertThat(Files.getAttribute(collected("d/first"), "unix:nlink")).isEqualTo(1);
    }

    @Test
    void a_hard_link_to_what_was_not_collected_is_skipped() throws IOException {
        byte[] tar =
                Tars.ofOut()
                        .directory("out/d/")
                        .link("out/sym", Tars.SYMLINK, "/etc/passwd")
                        .link("out/to-link", Tars.HARD_LINK, "out/sym")
                        .link("out/to-directory", Tars.HARD_LINK, "out/d")
                        .link("out/to-itself", Tars.HARD_LINK, "out/to-itself")
                        .link("out/to-top", Tars.HARD_LINK, "out")
                        .link("out/elsewhere", Tars.HARD_LINK, "other/d")
                        .link("out/above", Tars.HARD_LINK, "out/../../stdout.log")
                        .link("out/later", Tars.HARD_LINK, "out/z")
                        .link("out/nothing", Tars.HARD_LINK, "")
                        .file("out/z", "x")
                        .end();

        assertThat(collect(tar).files()).isEqualTo(1);
        assertThat(tree(outputs())).containsExactly("thumbs", "thumbs/d", "thumbs/z");
    }

    @Test
    void skips_links_told_by_pax_headers() throws IOException {
        byte[] record = Tars.paxRecord("linkpath", Tars.ascii("/etc/passwd"));
        byte[] tar =
                Tars.ofOut()
                        .raw(Tars.header(Tars.ascii("pax"), Tars.PAX, record.length, ""))
                        .raw(Tars.padded(record))
                        .link("out/hard", Tars.HARD_LINK, "short")
                        .end();

        assertThat(collect(tar).files()).isZero();
        assertThat(tree(outputs())).containsExactly("thumbs");
    }

    @Test
    void skips_names_that_are_no_clean_text() throws IOException {
        byte[] tar =
                Tars.ofOut()
                        .file("out/a\nb", "x")
                        .file("out/\u001b[31m", "x")
                        .directory("out/\u0007/")
                        .file("out/\u0007/in", "x")
                        .raw(Tars.header(new byte[] {'o', 'u', 't', '/', -128}, '0', 0, ""))
                        .paxNamed(new byte[] {'o', 'u', 't', '/', -64, -128}, "x")
                        .file("out/good", "x")
                        .end();

        CollectedOutput output = collect(tar);
        // No engine puts such bytes into an old header, where the reader replaces them.
        assertThat(tree(outputs())).containsExactly("thumbs", "thumbs/?", "thumbs/good");
        assertThat(output.files()).isEqualTo(2);
    }

    @Test
    void keeps_what_came_first_under_a_name() throws IOException {
        byte[] tar =
                Tars.ofOut()
                        .file("out/f", "first")
                        .file("out/f", "second")
                        .directory("out/f/")
                        .file("out/f/below", "x")
                        .directory("out/d/")
                        .directory("out/d/")
                        .file("out/d", "x")
                        .file("out/orphan/f", "x")
                        .file("out/F", "another")
                        .end();

        collect(tar);

        assertThat(collected("f")).hasContent("first");
        assertThat(collected("d")).isDirectory();
        assertThat(tree(outputs()))
                .contains("thumbs/f", "thumbs/d")
                .doesNotContain("thumbs/orphan");
    }

    private ResultWriter begin2() {
        return ask(() -> Future.succeededFuture(store.begin(ID, 2)));
    }

    @Test
    void collects_each_output_of_an_attempt_and_replaces_one_collected_again() throws IOException {
        ResultWriter writer = begin();
        collect(writer, OUT, Tars.ofOut().file("out/old", "x").end());
        collect(writer, OUT, Tars.ofOut().file("out/new", "x").end());
        collect(writer, new Output("other", "/o"), Tars.ofOut().file("out/o", "x").end());

        assertThat(tree(outputs())).containsExactly("other", "other/o", "thumbs", "thumbs/new");
    }

    @Test
    void a_stream_that_fails_leaves_nothing() throws IOException {
        byte[] part = Tars.ofOut().file("out/f", "x").cut();
        IOException gone = new IOException("the engine went away");
        ScriptedStream stream = ScriptedStream.of(context, part).failingWith(gone);
        ResultWriter writer = begin();

        assertThatThrownBy(() -> ask(() -> writer.collect(OUT, stream)))
                .isInstanceOf(ResultFailure.Interrupted.class)
                .hasMessageContaining("the engine went away")
                .hasCause(gone);
        assertThat(tree(outputs())).isEmpty();
    }

    @Test
    void a_download_can_be_left() throws IOException {
        collect(Tars.ofOut().file("out/f", "y".repeat(900_000)).end());
        List<Buffer> pieces = new ArrayList<>();
        Archive archive = ask(() -> store.archive(ID, "thumbs"));
        Future<Void> closed =
                asked(
                        () -> {
                            Promise<Void> first = Promise.promise();
                            archive.handler(
                                    piece -> {
                                        pieces.add(piece);
                                        archive.pause();
                                        first.tryComplete();
                                    });
                            return first.future().compose(_ -> archive.close());
                        });

        await(closed);
        assertThat(pieces).hasSize(1);
        assertThat(pieces.getFirst().length()).isBetween(60_000, 140_000);
    }
}
