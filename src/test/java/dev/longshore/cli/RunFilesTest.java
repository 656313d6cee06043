package dev.longshore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

@DisplayName("run sends files of this machine, mounts, outputs and retries with the command")
class RunFilesTest {
    @TempDir private Path folder;

    private FakeNode node;

    @BeforeEach
    void start() {
        node = new FakeNode();
        node.answers("POST executions", 202, "{\"executionId\":\"job-1\",\"jobId\":\"job-1\"}");
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void a_mount_is_written_as_for_docker() {
        assertThat(
                        sent(
                                "--mount",
                                "type=bind,source=/data/in,target=/in",
                                "--mount",
                                "type=volume,src=models,dst=/models,readonly=false",
                                "--mount",
                                "source=cache,destination=/cache,ro"))
                .isEqualTo(
                        "\"inputs\":[{\"type\":\"bind\",\"source\":\"/data/in\",\"target\":\"/in\"},"
                            + "{\"type\":\"volume\",\"source\":\"models\",\"target\":\"/models\",\"readOnly\":false},"
                            + "{\"source\":\"cache\",\"target\":\"/cache\",\"readOnly\":true,\"type\":\"volume\"}]");
    }

    @Test
    void a_file_travels_with_the_command_as_text_or_as_base64() throws IOException {
        Path text = Files.writeString(folder.resolve("app.conf"), "a=\"é\"\n");
        Path bytes = Files.write(folder.resolve("app.key"), new byte[] {0, (byte) 0xff, 7});
        Path program = Files.writeString(folder.resolve("tool"), "#!/bin/sh\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();

        assertThat(
                        sent(
                                "--file",
                                "/etc/app.conf=" + text,
                                "--file",
                                "/etc/app.key=" + bytes,
                                "--file",
                                "/usr/bin/tool=" + program))
                .isEqualTo(
                        "\"inputs\":[{\"type\":\"inline\",\"target\":\"/etc/app.conf\",\"content\":\"a=\\\"é\\\"\\n"
                            + "\"},{\"type\":\"inline\",\"target\":\"/etc/app.key\",\"contentBase64\":\"AP8H\"},{\"type\":\"inline\",\"target\":\"/usr/bin/tool\",\"content\":\"#!/bin/sh\\n"
                            + "\",\"mode\":\"0755\"}]");
    }

    @Test
    void outputs_scripts_and_retries_are_sent() throws IOException {
        Path script = Files.writeString(folder.resolve("10-set up.sh"), "#!/bin/sh\n");

        assertThat(
                        sent(
                                "--collect",
                                "thumbs=/out",
                                "--provision",
                                script.toString(),
                                "--retries",
                                "2",
                                "--retry-on",
                                "oom_killed,node_lost",
                                "--retry-backoff",
                                "10s"))
                .isEqualTo(
                        "\"outputs\":[{\"name\":\"thumbs\",\"target\":\"/out\"}],\"provision\":[{\"name\":\"10-set-up\",\"script\":\"#!/bin/sh\\n"
                            + "\"}],"
                            + "\"retry\":{\"maxAttempts\":3,\"on\":[\"oom_killed\",\"node_lost\"],\"backoff\":\"10s\"}");
        assertThat(sent("--retries", "1")).isEqualTo("\"retry\":{\"maxAttempts\":2}");
    }

    @Test
    void what_the_node_fetches_and_its_secrets_are_named() {
        String sha256 = "0123456789abcdef".repeat(4);

        assertThat(
                        sent(
                                "--input-url",
                                "https://files.example/m?sig=a=b&c=/data/m.bin,sha256="
                                        + sha256.toUpperCase(Locale.ROOT)
                                        + ",mode=0755",
                                "--secret",
                                "db=DB_PASSWORD",
                                "--secret",
                                "tls=/run/secrets/tls"))
                .isEqualTo(
                        "\"inputs\":[{\"type\":\"http\",\"url\":\"https://files.example/m?sig=a=b&c\",\"sha256\":\""
                                + sha256
                                + "\",\"target\":\"/data/m.bin\",\"mode\":\"0755\"}],"
                                + "\"secrets\":[{\"name\":\"db\",\"environment\":\"DB_PASSWORD\"},"
                                + "{\"name\":\"tls\",\"target\":\"/run/secrets/tls\"}]");
    }

    @Test
    void groups_and_times_are_sent() {
        assertThat(
                        sent(
                                "--group",
                                "1500",
                                "--group",
                                "1600",
                                "--timeout",
                                "1m",
                                "--total-timeout",
                                "5m",
                                "--expires",
                                "2030-01-01T00:00:00Z"))
                .isEqualTo(
                        "\"groups\":[\"1500\",\"1600\"],\"expiresAt\":\"2030-01-01T00:00:00Z\","
                                + "\"timeouts\":{\"run\":\"1m\",\"total\":\"5m\"}");
        Instant before = Instant.now();
        String expires = sent("--expires", "10m");
        assertThat(expires).matches("\"expiresAt\":\"[^\"]+\"");
        assertThat(Instant.parse(expires.substring(13, expires.length() - 1)))
                .isBetween(before.plusSeconds(600), Instant.now().plusSeconds(600));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    --mount         | type=bind,sorce=/a,target=/b     | no 'sorce'
                    --mount         | type=bind,source=/a,src=/b       | src twice
                    --mount         | type=bind,source=,target=/b      | a value for source
                    --mount         | type=bind,source=/a,readonly=no  | readonly=true or readonly=false
                    --file          | /etc/app.conf                    | TARGET=FILE
                    --file          | /etc/app.conf=/no/such/file      | cannot read /no/such/file
                    --collect       | /out                             | NAME=TARGET
                    --secret        | db                               | NAME=VARIABLE or NAME=/PATH
                    --secret        | db=                              | NAME=VARIABLE or NAME=/PATH
                    --input-url     | https://a.example/x=/x           | URL=TARGET,sha256=
                    --input-url     | https://a.example/x=/x,sha256=12 | URL=TARGET,sha256=
                    --expires       | soon                             | a time such as
                    --provision     | /no/such/file                    | cannot read /no/such/file
                    --retry-on      | oom_killed                       | need --retries
                    --retry-backoff | 5s                               | need --retries
                    """)
    void what_is_no_such_option_is_said_before_anything_is_sent(
            String option, String value, String message) {
        Typed typed = Typed.run(node.environment(), "run", "-d", option, value, "busybox");

        assertThat(typed.exitCode()).isEqualTo(ExitCodes.USAGE);
        assertThat(typed.err()).contains(message);
        assertThat(node.requests()).isEmpty();
    }

    @Test
    void a_file_that_is_too_large_or_a_script_that_is_no_text_is_said() throws IOException {
        Path large = Files.write(folder.resolve("large"), new byte[(512 << 10) + 1]);
        Path bytes = Files.write(folder.resolve("bytes"), new byte[] {(byte) 0xff});

        assertThat(Typed.run(node.environment(), "run", "--file", "/a=" + large, "busybox").err())
                .contains("more than 512 KiB");
        assertThat(
                        Typed.run(
                                        node.environment(),
                                        "run",
                                        "--provision",
                                        bytes.toString(),
                                        "busybox")
                                .err())
                .contains("a text in UTF-8");
    }

    /** What these options put into the command, behind the image. */
    private String sent(String... options) {
        List<String> words = new ArrayList<>(List.of("run", "-d"));
        words.addAll(List.of(options));
        words.add("busybox");
        Typed typed = Typed.run(node.environment(), words.toArray(String[]::new));
        assertThat(typed.exitCode()).as(typed.err()).isZero();
        String before = "POST /api/v1/executions {\"image\":\"busybox\",";
        String request = node.requests().getLast();
        assertThat(request).startsWith(before).endsWith("}");
        return request.substring(before.length(), request.length() - 1);
    }
}
