package dev.longshore.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.longshore.job.EngineSpec;
import dev.longshore.job.PullPolicy;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What every {@link Docker} does with files, images and disk. */
abstract class FilesContract extends EventsContract {
    static final String COPIES = "cat /in/deep/a > /out/b";
    static final String FILLS =
            "head -c 1000000 /dev/zero > /out/zeros; head -c 500000 /dev/zero > /zeros";

    private String created(String script, String user) {
        EngineSpec engine =
                new EngineSpec(
                        image(),
                        List.of(),
                        List.of("sh", "-c", script),
                        Map.of(),
                        null,
                        user,
                        PullPolicy.NEVER,
                        Map.of(),
                        null,
                        null);
        return ask(
                () ->
                        docker.create(
                                new ContainerSpec(
                                        "longshore-test-" + UUID.randomUUID(),
                                        engine,
                                        GRANT,
                                        LABELS,
                                        List.of(new Mount.Scratch("/out", LABELS)))));
    }

    @Test
    void a_program_reads_what_was_copied_in_and_what_it_wrote_is_copied_out() {
        String id = created(COPIES, "1000:1000");
        ask(
                () ->
                        docker.copyIn(
                                id,
                                List.of(
                                        CopyEntry.directory("/out", 01777),
                                        CopyEntry.file(
                                                "/in/deep/a",
                                                "hello".getBytes(UTF_8),
                                                0600,
                                                1000,
                                                1000))));
        ask(() -> docker.start(id));
        assertThat(ask(() -> docker.awaitExit(id))).isZero();
        assertThat(ask(() -> docker.copyOut(id, "/out").compose(TarText::read)))
                .containsOnlyKeys("out/", "out/b")
                .containsEntry("out/b", "hello");
        assertThat(ask(() -> docker.copyOut(id, "/in/deep/a").compose(TarText::read)))
                .containsOnly(Map.entry("a", "hello"));
    }

    @Test
    void a_path_and_a_container_that_are_not_there_are_told_apart() {
        String id = created(COPIES, "0");
        assertThat(ask(() -> docker.copyOut(id, "/out").compose(TarText::read)))
                .containsOnlyKeys("out/");
        assertThatThrownBy(() -> ask(() -> docker.copyOut(id, "/nowhere")))
                .isInstanceOf(DockerFailure.NoSuchPath.class);
        ask(() -> docker.remove(id));
        assertThatThrownBy(() -> ask(() -> docker.copyOut(id, "/out")))
                .isInstanceOf(DockerFailure.NoSuchContainer.class);
        List<CopyEntry> one = List.of(CopyEntry.directory("/out", 01777));
        assertThatThrownBy(() -> ask(() -> docker.copyIn(id, one)))
                .isInstanceOf(DockerFailure.NoSuchContainer.class);
    }

    @Test
    void what_a_container_wrote_counts_with_its_own_volumes() {
        String quiet = created(COPIES, "0");
        String id = created(FILLS, "0");
        ask(() -> docker.start(id));
        assertThat(ask(() -> docker.awaitExit(id))).isZero();
        Map<String, Long> use = ask(docker::diskUse);
        assertThat(use.get(id)).isBetween(1_500_000L, 2_000_000L);
        assertThat(use.get(quiet)).isLessThan(100_000L);
    }

    @Test
    void an_image_is_listed_and_goes_when_no_container_has_it() {
        String repository = "longshore-test/own";
        String tag = UUID.randomUUID().toString();
        String reference = repository + ":" + tag;
        addImage(repository, tag);
        ImageView view = ask(() -> docker.inspectImage(reference));
        assertThat(ask(docker::images))
                .filteredOn(image -> image.repoTags().contains(reference))
                .singleElement()
                .satisfies(
                        image -> {
                            assertThat(image.id()).isEqualTo(view.id());
                            assertThat(image.sizeBytes()).isEqualTo(view.sizeBytes());
                        });
        String id =
                ask(
                        () ->
                                docker.create(
                                        new ContainerSpec(
                                                "longshore-test-" + tag,
                                                EngineSpec.of(reference, "sh"),
                                                GRANT,
                                                LABELS)));
        assertThat(ask(() -> docker.list(LABELS)).getFirst().imageId()).isEqualTo(view.id());
        assertThatThrownBy(() -> ask(() -> docker.removeImage(reference)))
                .isInstanceOf(DockerFailure.ImageInUse.class);
        assertThatThrownBy(() -> ask(() -> docker.removeImage(view.id())))
                .isInstanceOf(DockerFailure.ImageInUse.class);
        ask(() -> docker.remove(id));
        ask(() -> docker.removeImage(reference));
        ask(() -> docker.removeImage(reference));
        assertThatThrownBy(() -> ask(() -> docker.inspectImage(reference)))
                .isInstanceOf(DockerFailure.ImageNotFound.class);
    }

    @Test
    void an_image_has_a_command_of_its_own() {
        ImageView view = ask(() -> docker.inspectImage(image()));
        assertThat(view.command()).hasSize(1).first().asString().endsWith("sh");
        assertThat(view.entrypoint()).isEmpty();
        assertThat(view.sizeBytes()).isPositive();
    }
}
