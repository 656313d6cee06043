package dev.longshore.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.docker.CopyEntry;
import dev.longshore.docker.ImageView;
import dev.longshore.docker.Mount;
import dev.longshore.job.EngineSpec;
import dev.longshore.job.ExecutionId;
import dev.longshore.job.ExecutionRequest;
import dev.longshore.job.Input;
import dev.longshore.job.Isolation;
import dev.longshore.job.JobFiles;
import dev.longshore.job.JobId;
import dev.longshore.job.Networking;
import dev.longshore.job.Output;
import dev.longshore.job.ProvisionScript;
import dev.longshore.job.PullPolicy;
import dev.longshore.job.Resources;
import dev.longshore.job.Retry;
import dev.longshore.job.SecretUse;
import dev.longshore.job.Timeouts;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

class ContainerFilesTest {
    private static final Map<String, String> LABELS = Map.of("a", "b");
    private static final ImageView IMAGE =
            new ImageView("sha256:1", List.of(), List.of("/tool", "--fast"), List.of("help"), 1);
    private static final JobFiles SCRIPTS =
            new JobFiles(
                    List.of(),
                    List.of(),
                    List.of(
                            new ProvisionScript("10-one", "#!/bin/sh\n"),
                            new ProvisionScript("02-two", "#!/bin/sh\n")));

    @Test
    void a_bind_mounts_the_real_path_and_not_the_name() {
        Input.Bind bind = new Input.Bind("/data/link", "/in", true);
        JobFiles files = new JobFiles(List.of(bind), List.of(), List.of());

        assertThat(mounts(files, false, Map.of(0, Path.of("/data/real"))))
                .containsExactly(new Mount.Bind("/data/real", "/in", true));
    }

    @Test
    void a_secret_is_a_file_of_the_programs_user_in_a_volume_where_the_root_is_read_only() {
        JobFiles files =
                new JobFiles(
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(
                                new SecretUse.Variable("db", "DB"),
                                new SecretUse.File("tls", "/run/secrets/tls", 0400)));
        EngineSpec engine =
                new EngineSpec(
                        "busybox",
                        List.of(),
                        List.of(),
                        Map.of(),
                        null,
                        "1000:50",
                        PullPolicy.MISSING,
                        Map.of(),
                        null,
                        null);
        ExecutionRequest request =
                new ExecutionRequest(
                        new ExecutionId("e1"),
                        new JobId("job"),
                        engine,
                        Resources.DEFAULTS,
                        Timeouts.DEFAULTS,
                        files,
                        Retry.NONE,
                        "hash",
                        null);

        assertThat(ContainerFiles.secrets(request, Map.of("tls", new byte[] {7})))
                .containsExactly(
                        CopyEntry.file("/run/secrets/tls", new byte[] {7}, 0400, 1000, 50));
        assertThat(mounts(files, true, Map.of()))
                .containsExactly(new Mount.Scratch("/run/secrets", LABELS));
        assertThat(mounts(files, false, Map.of())).isEmpty();
    }

    @Test
    void an_output_is_a_volume_of_its_own_that_anybody_may_write() {
        JobFiles files = new JobFiles(List.of(), List.of(new Output("o", "/out")), List.of());

        assertThat(mounts(files, false, Map.of()))
                .containsExactly(new Mount.Scratch("/out", LABELS));
        assertThat(ContainerFiles.entries(files, "1000", Map.of()))
                .containsExactly(CopyEntry.directory("/out", 01777));
    }

    @Test
    void an_inline_file_belongs_to_a_user_that_is_a_number() {
        byte[] content = {1};
        JobFiles files =
                new JobFiles(
                        List.of(new Input.Inline("/etc/f", content, 0600)), List.of(), List.of());

        assertThat(ContainerFiles.entries(files, "1000:50", Map.of()))
                .containsExactly(CopyEntry.file("/etc/f", content, 0600, 1000, 50));
        assertThat(ContainerFiles.entries(files, "daemon", Map.of()))
                .containsExactly(CopyEntry.file("/etc/f", content, 0600, 0, 0));
        assertThat(mounts(files, false, Map.of())).isEmpty();
    }

    @Test
    void what_is_copied_into_a_read_only_root_goes_into_a_volume() {
        JobFiles files =
                new JobFiles(
                        List.of(
                                new Input.Inline("/etc/app/f", new byte[0], 0644),
                                new Input.Inline("/out/seed", new byte[0], 0644)),
                        List.of(new Output("o", "/out")),
                        SCRIPTS.provision());

        assertThat(mounts(files, true, Map.of()))
                .containsExactlyInAnyOrder(
                        new Mount.Scratch("/out", LABELS),
                        new Mount.Scratch("/etc/app", LABELS),
                        new Mount.Scratch("/.longshore", LABELS));
    }

    @Test
    void scripts_run_in_the_order_given_whatever_their_names_are() {
        List<CopyEntry> entries = ContainerFiles.entries(SCRIPTS, null, Map.of());

        assertThat(entries)
                .extracting(CopyEntry::path)
                .containsExactly(
                        "/.longshore/provision/0-10-one",
                        "/.longshore/provision/1-02-two",
                        "/.longshore/start");
        String start =
                new String(((CopyEntry.File) entries.getLast()).content(), StandardCharsets.UTF_8);
        assertThat(start).containsSubsequence("0-10-one", "1-02-two", "exec \"$@\"");
    }

    @Test
    void the_words_after_the_scripts_are_those_that_would_have_run() {
        assertThat(words(EngineSpec.of("i"))).containsExactly("/tool", "--fast", "help");
        assertThat(words(EngineSpec.of("i", "a b", "c\"$d")))
                .containsExactly("/tool", "--fast", "a b", "c\"$d");
        assertThat(words(EngineSpec.of("i").withProgram(List.of("/own"), List.of())))
                .as("an own entry point drops the image's command, as the engine does")
                .containsExactly("/own");
        assertThat(ContainerFiles.provisioned(EngineSpec.of("i", "x"), JobFiles.NONE, IMAGE))
                .isEqualTo(EngineSpec.of("i", "x"));
    }

    private static List<String> words(EngineSpec engine) {
        EngineSpec provisioned = ContainerFiles.provisioned(engine, SCRIPTS, IMAGE);
        assertThat(provisioned.entrypoint()).containsExactly("/bin/sh", "/.longshore/start");
        return provisioned.command();
    }

    private static List<Mount> mounts(
            JobFiles files, boolean readOnlyRootfs, Map<Integer, Path> sources) {
        Isolation isolation =
                new Isolation(Set.of(), readOnlyRootfs, true, false, null, Map.of(), Map.of());
        ExecutionRequest request =
                new ExecutionRequest(
                        new ExecutionId("e1"),
                        new JobId("job"),
                        EngineSpec.of("busybox").with(isolation, Networking.DEFAULTS),
                        Resources.DEFAULTS,
                        Timeouts.DEFAULTS,
                        files,
                        Retry.NONE,
                        "",
                        null);
        return ContainerFiles.mounts(request, sources, LABELS);
    }
}
