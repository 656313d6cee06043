package dev.longshore.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.longshore.app.SettingsException.Problem;
import dev.longshore.app.SettingsReader.Sources;
import dev.longshore.docker.RegistryCredential;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

@DisplayName("The secrets of registries are read from elsewhere and shown nowhere")
class CredentialsTest {
    private static final String SECRET = "hunter2";

    @TempDir private Path folder;

    @Test
    void a_mapping_in_the_file_names_where_the_secrets_are() throws IOException {
        Path password = Files.writeString(folder.resolve("hub"), SECRET + "\n");
        Path settings =
                settings(
                        """
                        docker:
                          call-deadline: 20s
                          credentials:
                            hub: {registry: index.docker.io, username: me, password-file: %s}
                            ci:
                              registry: ci.example.org:5000
                              identity-token-env: CI_TOKEN
                            other:
                              registry: ghcr.io
                              username: a@b
                              password-env: LONGSHORE_PW
                        """
                                .formatted(password));

        Settings read =
                SettingsReader.read(
                        new Sources(
                                settings,
                                Map.of("CI_TOKEN", "token-" + SECRET, "LONGSHORE_PW", SECRET),
                                Map.of()));

        assertThat(read.docker().credentials())
                .containsOnly(
                        Map.entry("hub", new RegistryCredential("docker.io", "me", SECRET)),
                        Map.entry(
                                "ci",
                                RegistryCredential.ofToken(
                                        "ci.example.org:5000", "token-" + SECRET)),
                        Map.entry("other", new RegistryCredential("ghcr.io", "a@b", SECRET)));
        assertThat(read.describe())
                .contains("docker.credentials = ***  (" + settings + ":4)")
                .doesNotContain(SECRET);
        assertThat(read.toString()).contains("ci.example.org:5000").doesNotContain(SECRET);
    }

    @Test
    void environment_and_command_line_have_it_as_one_text_and_the_later_wins() {
        String hub = "hub.registry=docker.io, hub.username=me, hub.password-env=HUB";
        Map<String, String> environment =
                Map.of("LONGSHORE_DOCKER_CREDENTIALS", hub, "HUB", SECRET);
        String other = "o.registry=ghcr.io,o.identity-token-env=HUB";

        assertThat(read(environment, Map.of()))
                .containsOnlyKeys("hub")
                .containsValue(new RegistryCredential("docker.io", "me", SECRET));
        assertThat(read(environment, Map.of("docker.credentials", other)))
                .containsOnlyKeys("o")
                .containsValue(RegistryCredential.ofToken("ghcr.io", SECRET));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    a.username=me,a.password-env=OK                                       | a.registry
                    a.registry=https://index.docker.io/v1/,a.username=me,a.password-env=OK | a.registry
                    a.registry=docker.io,a.username=me                                    | a
                    a.registry=docker.io,a.password-env=OK                                | a
                    a.registry=docker.io,a.username=me,a.identity-token-env=OK            | a
                    a.registry=docker.io,a.username=me,a.password-env=OK,a.password-file=/x | a
                    a.registry=docker.io,a.username=me,a.password-env=NONE                | a.password-env
                    a.registry=docker.io,a.username=me,a.password-env=EMPTY               | a.password-env
                    a.registry=docker.io,a.username=me,a.password-env=LINES               | a.password-env
                    a.registry=docker.io,a.username=me,a.password-file=hunter2            | a.password-file
                    a.registry=docker.io,a.username=me,a.password-file=/                  | a.password-file
                    a.registry=docker.io,a.identity-token-file=/no/such/hunter2           | a.identity-token-file
                    """)
    void what_is_not_whole_is_a_problem_without_its_value(String text, String subject) {
        Map<String, String> environment =
                Map.of("OK", "ok", "EMPTY", "\n", "LINES", SECRET + "\n" + SECRET);
        List<Problem> problems =
                problems(
                        new Sources(
                                null,
                                environment,
                                Map.of("docker.credentials", text, "http.port", "many")));

        assertThat(problems)
                .extracting(Problem::key)
                .containsExactlyInAnyOrder("docker.credentials." + subject, "http.port");
        assertThat(problems.toString()).doesNotContain(SECRET).contains("(command line)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hunter2",
                "hub=hunter2",
                "hub.password=hunter2",
                "hub.registry=docker.io,hub.registry=hunter2",
                "a b.registry=hunter2",
                "hub.username=",
                "hub.registry=docker.io,"
            })
    void another_form_is_refused_and_not_shown(String text) {
        List<Problem> problems =
                problems(new Sources(null, Map.of(), Map.of("docker.credentials", text)));

        assertThat(problems).extracting(Problem::key).containsExactly("docker.credentials");
        assertThat(problems.toString())
                .contains("such as hub.registry=docker.io")
                .doesNotContain(SECRET);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "docker.credentials.hub.password: hunter2",
                "docker.credentials.hub: hunter2",
                "docker.credentials.a b.registry: hunter2",
                "docker.credentials.hub.username: hunter2,hunter2",
                "docker.credentials: {hub: {password: [hunter2]}}",
            })
    void a_secret_in_the_file_itself_is_refused_with_advice(String line) throws IOException {
        List<Problem> problems = problems(new Sources(settings(line), Map.of(), Map.of()));

        assertThat(problems).hasSize(1);
        assertThat(problems.getFirst().key()).startsWith("docker.credentials.");
        assertThat(problems.toString())
                .contains("A secret itself never stands in the settings")
                .doesNotContain(SECRET);
    }

    @Test
    void a_file_must_be_short_text() throws IOException {
        byte[] latin = {'h', (byte) 0xe9};
        Path binary = Files.write(folder.resolve("binary"), latin);
        Path large = Files.writeString(folder.resolve("large"), SECRET.repeat(20_000));
        Path empty = Files.writeString(folder.resolve("empty"), "\r\n");
        Path lines = Files.write(folder.resolve("lines"), List.of(SECRET, SECRET));
        for (Path file : List.of(binary, large, empty, lines)) {
            String text = "a.registry=docker.io,a.username=me,a.password-file=" + file;
            List<Problem> problems =
                    problems(new Sources(null, Map.of(), Map.of("docker.credentials", text)));

            assertThat(problems)
                    .extracting(Problem::key)
                    .containsExactly("docker.credentials.a.password-file");
            assertThat(problems.toString()).doesNotContain(SECRET);
        }
    }

    private static Map<String, RegistryCredential> read(
            Map<String, String> environment, Map<String, String> flags) {
        return SettingsReader.read(new Sources(null, environment, flags)).docker().credentials();
    }

    private static List<Problem> problems(Sources sources) {
        SettingsException thrown =
                catchThrowableOfType(SettingsException.class, () -> SettingsReader.read(sources));
        assertThat(thrown).as("refused").isNotNull();
        assertThat(thrown.toString()).doesNotContain(SECRET);
        return thrown.problems();
    }

    private Path settings(String text) throws IOException {
        return Files.writeString(folder.resolve("longshore.yaml"), text, StandardCharsets.UTF_8);
    }
}
