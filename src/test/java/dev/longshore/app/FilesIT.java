package dev.longshore.app;

import static dev.longshore.testing.TestJobs.quoted;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;

import dev.longshore.testing.TestEngine;
import dev.longshore.testing.TestJobs;
import dev.longshore.testing.TestNode;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;

@DisplayName(
        "Files into a job, its program between its scripts, and its outputs and attempts out of it")
class FilesIT {
    private static final Duration CALL = Duration.ofSeconds(30);
    private static final String VOLUME = "longshore-files-it";
    private static final String IMAGE = "longshore-files-it";

    @TempDir static Path root;

    private static final Map<String, byte[]> served = new ConcurrentHashMap<>();
    private static HttpServer web;
    private static TestNode node;
    private static TestJobs jobs;

    @BeforeAll
    static void start() throws Exception {
        Files.createDirectories(root.resolve("in/sub"));
        Files.writeString(root.resolve("in/file.txt"), "from the node\n");
        Files.writeString(root.resolve("in/sub/deep.txt"), "deep\n");
        Files.createSymbolicLink(root.resolve("in/inside"), Path.of("sub"));
        Files.createSymbolicLink(root.resolve("in/outside"), Path.of("/etc"));
        makeImage();
        web = serve();
        node =
                new TestNode(
                        Map.of(
                                "policy.downloads",
                                "http://127.0.0.1:" + web.getAddress().getPort() + "/files/**",
                                "policy.read-roots",
                                root.resolve("in").toString(),
                                "policy.volumes",
                                "longshore-files-*",
                                "jobs.cpu-overcommit",
                                "4"));
        jobs = new TestJobs(node);
    }

    @AfterAll
    static void stop() throws Exception {
        node.close();
        web.stop(0);
        TestEngine.api().delete("/volumes/" + VOLUME, CALL);
        TestEngine.api().delete("/images/" + IMAGE + "?force=true", CALL);
    }

    /** The usual image with an entry point and words of its own. */
    private static void makeImage() throws IOException {
        String id =
                TestEngine.api()
                        .post("/containers/create", "{\"Image\":\"busybox\"}", CALL)
                        .orFail("create")
                        .json()
                        .path("Id")
                        .asText();
        String words = "for w in \"$0\" \"$@\"; do echo \"[$w]\"; done";
        String entrypoint = "ENTRYPOINT [\"sh\",\"-c\"," + quoted(words) + "]";
        TestEngine.api()
                .post(
                        "/commit?container="
                                + id
                                + "&repo="
                                + IMAGE
                                + "&changes="
                                + encoded(entrypoint)
                                + "&changes="
                                + encoded("CMD [\"its own\"]"),
                        "{}",
                        CALL)
                .orFail("commit");
        TestEngine.api().delete("/containers/" + id, CALL).orFail("remove");
    }

    @Test
    void a_directory_of_the_node_is_there_and_cannot_be_written() {
        JsonNode result =
                jobs.run(
                        "bind",
                        inputs(bind("in", "/in"), bind("in/inside", "/link")),
                        "cat /in/file.txt /link/deep.txt; touch /in/new || echo refused");

        assertThat(result.path("stdout").asText()).isEqualTo("from the node\ndeep\nrefused\n");
        assertThat(result.path("stderr").asText()).contains("Read-only file system");
        assertThat(root.resolve("in/new")).doesNotExist();
    }

    @Test
    void a_link_that_leads_out_of_what_may_be_mounted_is_rejected() {
        JsonNode result = jobs.run("out", inputs(bind("in/outside", "/in")), "cat /in/shadow");

        assertThat(result.path("state").asText()).isEqualTo("rejected");
        assertThat(result.path("reason").asText()).isEqualTo("not_permitted");
        assertThat(result.path("message").asText()).startsWith("/inputs/0/source: ");
        assertThat(result.path("stdout").asText()).isEmpty();
    }

    @Test
    void a_large_file_of_the_web_is_there_with_its_mode_and_its_owner() throws Exception {
        byte[] large = new byte[20 << 20];
        new Random(7).nextBytes(large);
        String sha256 =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(large));
        served.put("/files/large", large);

        JsonNode result =
                jobs.run(
                        "web",
                        inputs(http("/data/sub/model.bin", "/files/large", sha256))
                                + ",\"user\":\"1000:1000\"",
                        "sha256sum < /data/sub/model.bin; stat -c '%a %u %g %s'"
                                + " /data/sub/model.bin");
        JsonNode readOnly =
                jobs.run(
                        "web-read-only",
                        inputs(http("/data/model.bin", "/files/large", sha256))
                                + ",\"readOnlyRootfs\":true",
                        "sha256sum < /data/model.bin");
        JsonNode other =
                jobs.run(
                        "web-other",
                        inputs(http("/data/model.bin", "/files/large", "0".repeat(64))),
                        "echo never");

        assertThat(result.path("stdout").asText())
                .isEqualTo(sha256 + "  -\n440 1000 1000 " + large.length + "\n");
        assertThat(readOnly.path("stdout").asText()).isEqualTo(sha256 + "  -\n");
        assertThat(other.path("state").asText()).isEqualTo("failed");
        assertThat(other.path("reason").asText()).isEqualTo("input_failed");
        assertThat(other.path("message").asText()).contains("is another file");
        assertThat(jobs.results("web", 1).resolve("../../.inputs").normalize()).isEmptyDirectory();
    }

    @Test
    void a_volume_keeps_what_one_job_wrote_for_the_next() {
        String volume = "{\"type\":\"volume\",\"source\":\"" + VOLUME + "\",\"target\":\"/vol\"%s}";
        JsonNode first =
                jobs.run(
                        "volume-1",
                        inputs(volume.formatted(",\"readOnly\":false")),
                        "echo kept > /vol/kept");
        JsonNode second =
                jobs.run(
                        "volume-2",
                        inputs(volume.formatted("")),
                        "cat /vol/kept; touch /vol/new || echo refused");

        assertThat(first.path("state").asText()).isEqualTo("succeeded");
        assertThat(second.path("stdout").asText()).isEqualTo("kept\nrefused\n");
    }

    @Test
    void a_file_that_came_with_the_command_has_its_mode_and_its_owner() {
        JsonNode result =
                jobs.run(
                        "inline",
                        "\"user\":\"1000:1000\","
                                + inputs(
                                        inline("/conf/app.conf", "a \"b\"\n", "0640"),
                                        inline(
                                                "/conf/deep/run.sh",
                                                "#!/bin/sh\necho ran\n",
                                                "0755")),
                        "ls -ln /conf/app.conf | awk '{print $1, $3, $4}'; cat /conf/app.conf;"
                                + " /conf/deep/run.sh; id -u");

        assertThat(result.path("stdout").asText())
                .isEqualTo("-rw-r----- 1000 1000\na \"b\"\nran\n1000\n");
    }

    @Test
    void scripts_run_in_order_before_the_program_whose_words_stay_as_they_are() {
        String scripts = provision("20-second", "echo second", "10-first", "echo first $#");
        node.submit(
                "words",
                "{\"image\":\""
                        + IMAGE
                        + "\","
                        + scripts
                        + ",\"command\":[\"a b\",\"c\\\"d'e\",\"$HOME\",\"*\",\"\"]}");
        node.submit("own", "{\"image\":\"" + IMAGE + "\"," + scripts + "}");

        assertThat(node.result("words").path("stdout").asText())
                .isEqualTo("second\nfirst 0\n[a b]\n[c\"d'e]\n[$HOME]\n[*]\n[]\n");
        assertThat(node.result("own").path("stdout").asText())
                .isEqualTo("second\nfirst 0\n[its own]\n");
    }

    @Test
    void the_first_script_that_fails_ends_it_with_its_exit_code() {
        JsonNode result =
                jobs.run(
                        "fails",
                        provision("1", "echo one", "2", "exit 7", "3", "echo three"),
                        "echo program");

        assertThat(result.path("state").asText()).isEqualTo("failed");
        assertThat(result.path("reason").asText()).isEqualTo("non_zero_exit");
        assertThat(result.path("exitCode").asInt()).isEqualTo(7);
        assertThat(result.path("stdout").asText()).isEqualTo("one\n");
        assertThat(result.path("stderr").asText())
                .contains("provision script 2 failed with exit code 7");
    }

    @Test
    void outputs_and_both_streams_are_in_the_results_directory() throws Exception {
        JsonNode result =
                jobs.run(
                        "outputs",
                        outputs("report", "/out") + "," + "\"user\":\"1000\"",
                        "mkdir -p /out/a/b; echo 1 > /out/a/b/1; printf '\\0\\1' > /out/2;"
                                + " : > '/out/an empty one'; printf 'out\\n\\nend';"
                                + " printf 'err\\n' >&2");

        assertThat(result.path("state").asText()).isEqualTo("succeeded");
        JsonNode output = result.path("outputs").path(0);
        assertThat(output.path("name").asText()).isEqualTo("report");
        assertThat(output.path("files").asInt()).isEqualTo(3);
        assertThat(output.path("bytes").asInt()).isEqualTo(4);
        assertThat(output.path("manifest").findValuesAsText("path"))
                .containsExactly("2", "a/b/1", "an empty one");
        jobs.assertManifest(output);
        Path results = jobs.results("outputs", 1);
        assertThat(results.resolve("stdout.log")).content().isEqualTo("out\n\nend");
        assertThat(results.resolve("stderr.log")).hasContent("err");
        assertThat(node.get("/api/v1/executions/outputs/outputs/report").statusCode())
                .isEqualTo(200);
    }

    @Test
    void a_root_that_cannot_be_written_still_takes_files_scripts_and_outputs() throws Exception {
        JsonNode result =
                jobs.run(
                        "read-only",
                        "\"readOnlyRootfs\":true,"
                                + outputs("out", "/out")
                                + ","
                                + inputs(inline("/conf/app.conf", "text\n", "0444"))
                                + ","
                                + provision("1", "echo script > /out/script"),
                        "cat /conf/app.conf; touch /x || echo refused; echo ok > /out/ok");

        assertThat(result.path("stdout").asText()).isEqualTo("text\nrefused\n");
        assertThat(result.path("outputs").path(0).path("manifest").findValuesAsText("path"))
                .containsExactly("ok", "script");
        jobs.assertManifest(result.path("outputs").path(0));
    }

    @Test
    void a_job_that_fails_once_succeeds_at_its_second_attempt() throws Exception {
        Instant before = Instant.now();
        JsonNode result =
                jobs.run(
                        "retry",
                        inputs(
                                        "{\"type\":\"volume\",\"source\":\""
                                                + VOLUME
                                                + "\",\"target\":\"/vol\",\"readOnly\":false}")
                                + ",\"retry\":{\"maxAttempts\":3,\"on\":[\"non_zero_exit\"],"
                                + "\"backoff\":\"10ms\"}",
                        "[ -e /vol/marker ] && { echo second; exit 0; };"
                                + " touch /vol/marker; echo first; exit 3");

        assertThat(result.path("state").asText()).isEqualTo("succeeded");
        assertThat(result.path("attempt").asInt()).isEqualTo(2);
        assertThat(created(before)).contains("longshore-retry", "longshore-retry.2");
        assertThat(node.statuses("retry"))
                .extracting(each -> each.path("state").asText())
                .containsExactly(
                        "accepted",
                        "starting",
                        "running",
                        "accepted",
                        "starting",
                        "running",
                        "succeeded");
        assertThat(jobs.printed("retry", 1, "stdout")).asString().isEqualTo("first\n");
        assertThat(jobs.printed("retry", 2, "stdout")).asString().isEqualTo("second\n");
        assertThat(jobs.results("retry", 1).resolve("stdout.log")).hasContent("first");
        assertThat(jobs.results("retry", 2).resolve("stdout.log")).hasContent("second");
        assertThat(node.get("/api/v1/executions/retry/logs?attempt=1").body()).isEqualTo("first\n");
    }

    /** The names of the containers that were made since then, by the engine's own account. */
    private static List<String> created(Instant since) throws IOException {
        String filters = "{\"type\":[\"container\"],\"event\":[\"create\"]}";
        return TestEngine.api()
                .get(
                        "/events?since="
                                + since.getEpochSecond()
                                + "&until="
                                + Instant.now().plusSeconds(1).getEpochSecond()
                                + "&filters="
                                + encoded(filters),
                        CALL)
                .text()
                .lines()
                .filter(line -> line.contains("\"name\":\""))
                .map(line -> line.replaceAll(".*\"name\":\"(.*?)\".*", "$1"))
                .toList();
    }

    private static String inputs(String... inputs) {
        return "\"inputs\":[" + String.join(",", inputs) + "]";
    }

    private static String bind(String path, String target) {
        return "{\"type\":\"bind\",\"source\":"
                + quoted(root.resolve(path).toString())
                + ",\"target\":\""
                + target
                + "\"}";
    }

    private static String http(String target, String path, String sha256) {
        return "{\"type\":\"http\",\"mode\":\"0440\",\"target\":\""
                + target
                + "\",\"url\":\"http://127.0.0.1:"
                + web.getAddress().getPort()
                + path
                + "\",\"sha256\":\""
                + sha256
                + "\"}";
    }

    private static HttpServer serve() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext(
                "/files/",
                exchange -> {
                    byte[] content =
                            served.getOrDefault(exchange.getRequestURI().getPath(), new byte[0]);
                    exchange.sendResponseHeaders(200, content.length);
                    try (OutputStream body = exchange.getResponseBody()) {
                        body.write(content);
                    }
                });
        server.start();
        return server;
    }

    private static String inline(String target, String content, String mode) {
        return "{\"type\":\"inline\",\"target\":\""
                + target
                + "\",\"mode\":\""
                + mode
                + "\",\"content\":"
                + quoted(content)
                + "}";
    }

    private static String outputs(String name, String target) {
        return "\"outputs\":[{\"name\":\"" + name + "\",\"target\":\"" + target + "\"}]";
    }

    private static String provision(String... namesAndLines) {
        StringBuilder scripts = new StringBuilder();
        for (int i = 0; i < namesAndLines.length; i += 2) {
            scripts.append(i == 0 ? "" : ",")
                    .append("{\"name\":\"" + namesAndLines[i] + "\",\"script\":")
                    .append(quoted("#!/bin/sh\n" + namesAndLines[i + 1] + "\n"))
                    .append('}');
        }
        return "\"provision\":[" + scripts + "]";
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
