package dev.longshore.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.job.SecretUse;

import io.vertx.core.Future;
import io.vertx.core.Vertx;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

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
