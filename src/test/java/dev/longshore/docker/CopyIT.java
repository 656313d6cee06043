package dev.longshore.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.longshore.job.EngineSpec;
import dev.longshore.job.Isolation;
import dev.longshore.job.Networking;
import dev.longshore.job.PullPolicy;
import dev.longshore.testing.TestEngine;

import io.vertx.core.Future;
import io.vertx.core.Promise;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** Mounts of a real engine's containers, and files on their way in and out. */
class CopyIT extends RealEngine {
    private static final CopyEntry OUT = CopyEntry.directory("/out", 01777);

    private ContainerSpec spec(String script, boolean readOnlyRootfs, Mount... mounts) {
        EngineSpec engine =
                new EngineSpec(
                                TestEngine.image(),
                                List.of(),
                                List.of("sh", "-c", script),
                                Map.of(),
                                null,
                                "1000:1000",
                                PullPolicy.NEVER,
                                Map.of(),
                                null,
                                null)
                        .with(
                                new Isolation(
                                        Set.of(),
                                        readOnlyRootfs,
                                        true,
                                        false,
                                        null,
                                        Map.of(),
                                        Map.of()),
                                Networking.DEFAULTS);
        return new ContainerSpec(
                "longshore-test-" + UUID.randomUUID(),
                engine,
                DockerContract.GRANT,
                labels,
                List.of(mounts));
    }

    private String created(ContainerSpec spec, CopyEntry... entries) {
        String id = ask(() -> docker.create(spec));
        ask(() -> docker.copyIn(id, List.of(entries)));
        return id;
    }

    private List<String> runs(String id) {
        ask(() -> docker.start(id));
        Lines lines = new Lines();
        readAll(Lines.of(id), lines);
        return lines.texts();
    }

    private static CopyEntry file(String path, String text) {
        return CopyEntry.file(path, text.getBytes(UTF_8), 0400, 1000, 1000);
    }

    private Mount scratch(String target) {
        return new Mount.Scratch(target, labels);
    }

    @Test
    void a_read_only_program_of_another_user_has_its_files_and_a_place_to_write() {
        String longName = "\u00e9".repeat(90);
        String script =
                "touch /x 2>/dev/null || echo read-only; cat /.longshore/in/a /.longshore/in/"
                        + longName
                        + "; echo x > /out/x && stat -c '%a %u:%g' /out /out/x /.longshore/in/a";
        String id =
                created(
                        spec(script, true, scratch("/out"), scratch("/.longshore")),
                        OUT,
                        CopyEntry.directory("/.longshore/in", 0755),
                        file("/.longshore/in/a", "aaa\n"),
                        file("/.longshore/in/" + longName, "long\n"));
        assertThat(runs(id))
                .containsExactly(
                        "out|read-only",
                        "out|aaa",
                        "out|long",
                        "out|1777 0:0",
                        "out|644 1000:1000",
                        "out|400 1000:1000");
        assertThat(ask(() -> docker.awaitExit(id))).isZero();
        assertThat(ask(() -> docker.copyOut(id, "/out").compose(TarText::read)))
                .isEqualTo(Map.of("out/", "", "out/x", "x\n"));
    }

    @Test
    void a_read_only_root_takes_nothing_outside_its_mounts() {
        String id = ask(() -> docker.create(spec("true", true, scratch("/out"))));
        assertThatThrownBy(() -> ask(() -> docker.copyIn(id, List.of(OUT, file("/a", "a")))))
                .isInstanceOf(DockerFailure.Refused.class)
                .hasMessageContaining("read-only");
    }

    @Test
    void a_file_replaces_a_file_and_never_a_directory() {
        String id =
                created(
                        spec("cat /etc/passwd; stat -c %a /etc/sub", false),
                        file("/etc/passwd", "first\n"),
                        CopyEntry.directory("/etc/sub", 0700),
                        file("/etc/passwd", "second\n"));
        assertThatThrownBy(() -> ask(() -> docker.copyIn(id, List.of(file("/etc", "a")))))
                .isInstanceOf(DockerFailure.Refused.class);
        assertThat(runs(id)).containsExactly("out|second", "out|700");
    }

    @Test
    void a_scratch_has_what_the_image_has_there_and_goes_with_its_container() throws IOException {
        String id = created(spec("true", false, scratch("/etc")));
        assertThat(ask(() -> docker.copyOut(id, "/etc/passwd").compose(TarText::read)))
                .containsOnlyKeys("passwd");
        try (EngineCalls calls = new EngineCalls(settings(), ApiVersion.OLDEST)) {
            List<String> label =
                    labels.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList();
            assertThat(
                            calls.client()
                                    .listVolumesCmd()
                                    .withFilter("label", label)
                                    .exec()
                                    .getVolumes())
                    .hasSize(1);
        }
        ask(() -> docker.remove(id));
        assertThat(ask(() -> docker.sweep(labels)).removed()).isEmpty();
    }

    @Test
    void binds_and_volumes_are_mounted_as_asked(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("a"), "bound\n");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        String volume = "longshore-test-" + UUID.randomUUID();
        String id =
                created(
                        spec(
                                "cat /in/a; touch /in/b 2>/dev/null || echo read-only; cat /kept/c",
                                true,
                                new Mount.Bind(folder.toRealPath().toString(), "/in", true),
                                new Mount.Volume(volume, "/kept", false)),
                        file("/kept/c", "kept\n"));
        assertThat(runs(id)).containsExactly("out|bound", "out|read-only", "out|kept");
        ask(() -> docker.remove(id));
        try (EngineCalls calls = new EngineCalls(settings(), ApiVersion.OLDEST)) {
            assertThat(calls.client().inspectVolumeCmd(volume).exec().getName()).isEqualTo(volume);
            calls.client().removeVolumeCmd(volume).exec();
        }
    }

    @Test
    void a_bind_of_what_is_not_there_is_refused(@TempDir Path folder) {
        Mount nothing = new Mount.Bind(folder + "/nothing", "/in", true);
        assertThatThrownBy(() -> ask(() -> docker.create(spec("true", false, nothing))))
                .isInstanceOf(DockerFailure.Refused.class)
                .hasMessageContaining("/nothing");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void an_archive_comes_only_as_fast_as_it_is_taken() {
        String id =
                created(
                        spec("head -c 50000000 /dev/zero > /out/zeros", false, scratch("/out")),
                        OUT);
        ask(() -> docker.start(id));
        assertThat(ask(() -> docker.awaitExit(id))).isZero();
        AtomicLong bytes = new AtomicLong();
        AtomicLong pieces = new AtomicLong();
        Promise<Void> first = Promise.promise();
        Promise<Void> end = Promise.promise();
        Archive archive = ask(() -> docker.copyOut(id, "/out"));
        ask(
                () -> {
                    archive.exceptionHandler(end::tryFail);
                    archive.endHandler(_ -> end.tryComplete());
                    archive.handler(
                            piece -> {
                                bytes.addAndGet(piece.length());
                                pieces.incrementAndGet();
                                first.tryComplete();
                            });
                    return Future.succeededFuture(archive.fetch(1));
                });
        await(first.future());
        ask(docker::ping);
        assertThat(pieces).hasValue(1);
        ask(() -> Future.succeededFuture(archive.resume()));
        await(end.future());
        assertThat(bytes.get()).isGreaterThan(50_000_000L).isLessThan(50_100_000L);
    }

    @Test
    void an_archive_that_is_closed_in_the_middle_leaves_the_engine_well() {
        String id =
                created(
                        spec("head -c 20000000 /dev/zero > /out/zeros", false, scratch("/out")),
                        OUT);
        ask(() -> docker.start(id));
        ask(() -> docker.awaitExit(id));
        Archive archive = ask(() -> docker.copyOut(id, "/out"));
        ask(
                () -> {
                    archive.close();
                    return docker.ping();
                });
        assertThat(ask(() -> docker.copyOut(id, "/out").compose(TarText::read)).get("out/zeros"))
                .hasSize(20_000_000);
        ask(() -> docker.remove(id));
    }
}
