package dev.longshore.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.docker.FakeProgram;
import dev.longshore.job.EngineSpec;
import dev.longshore.job.ExecutionRequest;
import dev.longshore.job.ExecutionState;
import dev.longshore.job.JobFiles;
import dev.longshore.job.JobId;
import dev.longshore.job.Reason;
import dev.longshore.job.Resources;
import dev.longshore.job.Retry;
import dev.longshore.job.SecretUse;
import dev.longshore.job.Timeouts;

import io.vertx.core.Future;
import io.vertx.core.Vertx;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

class SecretStoreTest extends ExecutorFixture {
    @TempDir Path root;
    private Path secrets = Path.of("");

    SecretStoreTest(Vertx vertx) {
        super(vertx);
    }

    @BeforeEach
    void fill() throws Exception {
        secrets = Files.createDirectory(root.resolve("secrets"));
        Files.writeString(secrets.resolve("db"), "s3cret\n");
        Files.writeString(root.resolve("outside"), "not yours");
    }

    @Test
    void a_variable_has_the_text_without_the_line_break_at_its_end() throws Exception {
        Files.writeString(secrets.resolve("lines"), "one\ntwo\n\n");

        assertThat(
                        variables(
                                new SecretUse.Variable("db", "DB"),
                                new SecretUse.Variable("lines", "LINES")))
                .isEqualTo(Map.of("DB", "s3cret", "LINES", "one\ntwo\n"));
    }

    @Test
    void a_file_has_every_byte() throws Exception {
        byte[] bytes = {0, (byte) 0xff, '\n'};
        Files.write(secrets.resolve("key"), bytes);

        assertThat(await(store(secrets).read(List.of(new SecretUse.File("key", "/k", 0400)))))
                .containsEntry("key", bytes);
    }

    @Test
    void one_that_is_a_link_within_the_directory_is_as_orchestrators_mount_them() throws Exception {
        Path version = Files.createDirectory(secrets.resolve("..2026"));
        Files.writeString(version.resolve("api"), "v1");
        Files.createSymbolicLink(secrets.resolve("..data"), Path.of("..2026"));
        Files.createSymbolicLink(secrets.resolve("api"), Path.of("..data", "api"));

        assertThat(variables(new SecretUse.Variable("api", "API"))).isEqualTo(Map.of("API", "v1"));
    }

    @Test
    void one_that_was_changed_holds_for_the_next() throws Exception {
        SecretUse.Variable use = new SecretUse.Variable("db", "DB");
        variables(use);
        Files.writeString(secrets.resolve("db"), "other");

        assertThat(variables(use)).isEqualTo(Map.of("DB", "other"));
    }

    @Test
    void what_leads_out_or_is_no_plain_file_is_refused() throws Exception {
        Files.createSymbolicLink(secrets.resolve("link"), root.resolve("outside"));
        Files.createDirectory(secrets.resolve("dir"));

        assertUnavailable(secrets, "link", "no plain file");
        assertUnavailable(secrets, "dir", "no plain file");
        assertUnavailable(secrets, "../outside", "no plain file");
        assertUnavailable(secrets, "none", "does not hold it");
        assertUnavailable(null, "db", "holds no secrets");
        assertUnavailable(root.resolve("gone"), "db", "does not hold it");
    }

    @Test
    void what_is_too_large_or_no_text_is_refused_without_showing_it() throws Exception {
        Files.write(secrets.resolve("large"), new byte[SecretStore.MOST_BYTES + 1]);
        Files.writeString(secrets.resolve("nul"), "hush\0hush");
        Files.write(secrets.resolve("bytes"), new byte[] {(byte) 0xff});
        Files.writeString(secrets.resolve("long"), "x".repeat(128 << 10));

        for (String name : List.of("large", "nul", "bytes", "long")) {
            assertUnavailable(secrets, name, "cannot be had");
        }
        assertThatThrownBy(() -> variables(new SecretUse.Variable("nul", "A")))
                .hasMessageNotContaining("hush");
    }

    @Test
    void one_that_comes_late_is_had_by_the_next_attempt() throws Exception {
        docker.program(FakeProgram.untilStopped(), "sleep");
        Executor executor = holder();
        ExecutionRequest request =
                new ExecutionRequest(
                        id("e1"),
                        new JobId("job"),
                        EngineSpec.of("busybox", "sleep"),
                        Resources.DEFAULTS,
                        Timeouts.DEFAULTS,
                        new JobFiles(
                                List.of(),
                                List.of(),
                                List.of(),
                                List.of(new SecretUse.Variable("late", "LATE"))),
                        new Retry(9, Set.of(Reason.CREATE_FAILED), Duration.ofMillis(100)),
                        "hash",
                        null);
        start(() -> executor.run(request));
        until(() -> events.statuses().stream().anyMatch(event -> event.attempt() == 2));

        Files.writeString(secrets.resolve("late"), "there");

        until(() -> events.states(id("e1")).contains(ExecutionState.RUNNING));
        String container = "longshore-e1." + events.statuses().getLast().attempt();
        assertThat(docker.spec(container).engine().environment()).containsEntry("LATE", "there");
    }

    private static Policy allowing(String secret) {
        Policy plain = Policy.DEFAULTS;
        return new Policy(
                plain.images(),
                plain.digestOnly(),
                plain.networks(),
                plain.capabilities(),
                plain.portAddresses(),
                plain.most(),
                plain.longestRun(),
                plain.mounts(),
                plain.downloads(),
                plain.privileges(),
                List.of(secret),
                plain.exec());
    }

    private Executor holder() {
        ExecutorSettings usual = ExecutorSettings.defaults(node("n"));
        ExecutorSettings settings =
                new ExecutorSettings(
                        usual.nodeId(),
                        usual.version(),
                        usual.url(),
                        usual.logTopic(),
                        usual.labels(),
                        usual.defaults(),
                        usual.maxRunning(),
                        usual.maxWaiting(),
                        usual.cpuOvercommit(),
                        usual.queueTimeout(),
                        usual.pullTimeout(),
                        usual.runTimeout(),
                        usual.stopGrace(),
                        usual.logDrain(),
                        usual.maxLogBytes(),
                        usual.pulls(),
                        allowing("late"),
                        usual.disk(),
                        usual.results(),
                        secrets,
                        usual.inputs(),
                        usual.drain(),
                        usual.drainTimeout(),
                        usual.reconcile());
        return executor(berth(settings), Resources.NANOS_PER_CORE, 1L << 40, List.of());
    }

    private void assertUnavailable(@Nullable Path directory, String name, String why) {
        assertThatThrownBy(
                        () ->
                                await(
                                        store(directory)
                                                .variables(
                                                        List.of(
                                                                new SecretUse.Variable(
                                                                        name, "A")))))
                .isInstanceOf(ExecutorFailure.SecretUnavailable.class)
                .hasMessageContaining("secret " + name)
                .hasMessageContaining(why);
    }

    private Map<String, String> variables(SecretUse... uses) {
        Future<Map<String, String>> variables = store(secrets).variables(List.of(uses));
        return await(variables);
    }

    private SecretStore store(@Nullable Path directory) {
        return new SecretStore(vertx, directory);
    }
}
