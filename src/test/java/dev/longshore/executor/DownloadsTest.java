package dev.longshore.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.docker.FakeProgram;
import dev.longshore.job.EngineSpec;
import dev.longshore.job.ExecutionRequest;
import dev.longshore.job.ExecutionResult;
import dev.longshore.job.ExecutionState;
import dev.longshore.job.Input;
import dev.longshore.job.JobFiles;
import dev.longshore.job.JobId;
import dev.longshore.job.Reason;
import dev.longshore.job.Resources;
import dev.longshore.job.Retry;
import dev.longshore.job.Timeouts;
import dev.longshore.job.WebAddress;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Files that a job names by URL: what reaches its container, and what ends it before it began. */
class DownloadsTest extends ExecutorFixture {
    private static final String TARGET = "/data/model.bin";
    private static final byte[] CONTENT = "a model".getBytes(StandardCharsets.UTF_8);
    private static final long MOST_BYTES = 100_000;

    private final Map<String, Handler<HttpServerRequest>> pages = new ConcurrentHashMap<>();
    private final AtomicInteger asked = new AtomicInteger();
    private HttpServer server;
    private Executor executor;

    DownloadsTest(Vertx vertx) {
        super(vertx);
        docker.program(FakeProgram.untilStopped(), "sleep");
    }

    @BeforeEach
    void serve() {
        server =
                await(
                        vertx.createHttpServer()
                                .requestHandler(
                                        request -> {
                                            asked.incrementAndGet();
                                            pages.getOrDefault(
                                                            request.path(),
                                                            any ->
                                                                    any.response()
                                                                            .setStatusCode(404)
                                                                            .end("no such page"))
                                                    .handle(request);
                                        })
                                .listen(0, "127.0.0.1"));
        executor = executor(Duration.ofMinutes(1));
    }

    @AfterEach
    void nothingIsLeftOnTheDisk() throws IOException {
        await(server.close());
        Path staged = directory.resolve(".inputs");
        if (Files.isDirectory(staged)) {
            until(() -> isEmpty(staged));
        }
    }

    @Test
    void a_file_is_in_the_container_before_the_program_starts() {
        pages.put("/files/model", request -> request.response().end(Buffer.buffer(CONTENT)));

        call(() -> executor.start(request("e1", "/files/model?sig=secret", sha256(CONTENT))));
        until(() -> events.states(id("e1")).contains(ExecutionState.RUNNING));

        assertThat(docker.read("longshore-e1", TARGET)).isEqualTo(CONTENT);
        assertThat(calls()).containsSubsequence("inspectImage", "create", "copyIn", "start");
    }

    @Test
    void a_file_with_another_digest_never_gets_to_a_container() {
        pages.put("/files/model", request -> request.response().end("another model"));

        ExecutionResult result = failed("/files/model?sig=secret");

        assertThat(result.outcome().message())
                .startsWith("the input /data/model.bin from " + base() + "/files/model ")
                .contains(
                        "its SHA-256 is "
                                + sha256("another model".getBytes(StandardCharsets.UTF_8)))
                .doesNotContain("secret");
    }

    @Test
    void what_says_that_it_is_too_large_is_not_read() {
        pages.put(
                "/files/model",
                request ->
                        request.response()
                                .putHeader("Content-Length", Long.toString(MOST_BYTES + 1))
                                .write("x"));

        assertThat(failed("/files/model").outcome().message())
                .contains("too large")
                .contains("inputs.max-size");
    }

    @Test
    void what_turns_out_to_be_too_large_is_read_no_further() {
        pages.put(
                "/files/model",
                request -> {
                    request.response().setChunked(true);
                    request.response().write(Buffer.buffer(new byte[(int) MOST_BYTES]));
                    request.response().write("one more");
                });

        assertThat(failed("/files/model").outcome().message()).contains("too large");
    }

    @Test
    void a_server_that_falls_silent_is_given_up() {
        executor = executor(Duration.ofMillis(300));
        pages.put(
                "/files/model",
                request -> {
                    request.response().setChunked(true);
                    request.response().write("the first bytes");
                });
        pages.put("/files/mute", request -> {});

        assertThat(failed("/files/model").outcome().message())
                .contains("said nothing for PT0.3S")
                .contains("inputs.stall-timeout");
        assertThat(run("e2", "/files/mute").outcome().reason()).isEqualTo(Reason.INPUT_FAILED);
    }

    @Test
    void a_server_that_drips_for_ever_is_given_up() {
        executor = executor(Duration.ofSeconds(1));
        pages.put(
                "/files/model",
                request -> {
                    request.response().setChunked(true);
                    long drip = vertx.setPeriodic(20, tick -> request.response().write("x"));
                    request.connection().closeHandler(gone -> vertx.cancelTimer(drip));
                });

        assertThat(failed("/files/model").outcome().message()).contains("within PT5S");
    }

    @Test
    void a_connection_that_breaks_off_is_told() {
        pages.put(
                "/files/model",
                request -> {
                    request.response().putHeader("Content-Length", "1000");
                    request.response()
                            .write("half")
                            .onComplete(sent -> request.connection().close());
                });

        assertThat(failed("/files/model").outcome().message()).contains("broke off");
    }

    @Test
    void what_the_server_refuses_is_told_with_what_to_do() {
        pages.put("/files/busy", request -> request.response().setStatusCode(500).end());
        pages.put("/files/private", request -> request.response().setStatusCode(403).end());

        assertThat(failed("/files/missing").outcome().message())
                .contains("answered 404; is its URL right?");
        assertThat(run("e2", "/files/busy").outcome().message())
                .contains("answered 500; it may be there later");
        assertThat(run("e3", "/files/private").outcome().message())
                .contains("answered 403; this node sends no credentials");
    }

    @Test
    void a_redirect_is_followed_to_where_the_policy_leads_only() {
        redirect("/files/model", "next");
        pages.put("/files/next", request -> request.response().end(Buffer.buffer(CONTENT)));
        redirect("/files/out", "/secret");
        redirect("/files/far", "http://localhost:" + server.actualPort() + "/files/next");
        redirect("/files/odd", "file:///etc/passwd");
        redirect("/files/round", "/files/round");

        assertThat(run("e1", "/files/model").outcome().message()).isNull();
        int before = asked.get();
        assertThat(run("e2", "/files/out").outcome().message())
                .contains("was redirected to " + base() + "/secret, from where");
        assertThat(run("e3", "/files/far").outcome().message()).contains("policy.downloads");
        assertThat(run("e4", "/files/odd").outcome().message()).contains("no address of the web");
        assertThat(asked).hasValue(before + 3);
        assertThat(run("e5", "/files/round").outcome().message())
                .contains("redirected more than 5 times");
    }

    @Test
    void what_the_policy_does_not_name_is_never_asked_for() {
        ExecutionResult result = run("e1", "/secret");

        assertThat(result.outcome().state()).isEqualTo(ExecutionState.REJECTED);
        assertThat(result.outcome().reason()).isEqualTo(Reason.NOT_PERMITTED);
        assertThat(result.outcome().message()).startsWith("/inputs/0/url: ");
        assertThat(asked).hasValue(0);
    }

    @Test
    void a_cancel_ends_a_download() {
        pages.put("/files/model", request -> {});
        start(() -> executor.start(request("e1", "/files/model", sha256(CONTENT))));
        until(() -> asked.get() == 1);

        call(() -> executor.cancel(id("e1"), null));

        assertThat(call(() -> executor.await(id("e1")).result()).outcome().reason())
                .isEqualTo(Reason.CANCELLED);
        assertThat(calls()).doesNotContain("create");
    }

    @Test
    void a_file_that_is_there_later_is_had_by_the_next_attempt() {
        pages.put(
                "/files/model",
                request -> {
                    if (asked.get() == 1) {
                        request.response().setStatusCode(503).end();
                    } else {
                        request.response().end(Buffer.buffer(CONTENT));
                    }
                });
        Retry retry = new Retry(2, Set.of(Reason.INPUT_FAILED), Duration.ofMillis(1));

        ExecutionResult result =
                call(() -> executor.run(request("e1", "/files/model", sha256(CONTENT), retry)));

        assertThat(result.outcome().state()).isEqualTo(ExecutionState.SUCCEEDED);
        assertThat(result.attempt()).isEqualTo(2);
    }

    private Executor executor(Duration silence) {
        return executor(
                berth(settings(silence)), 8 * Resources.NANOS_PER_CORE, 1L << 40, List.of());
    }

    private ExecutionResult failed(String path) {
        ExecutionResult result = run("e1", path);
        assertThat(result.outcome().state()).isEqualTo(ExecutionState.FAILED);
        assertThat(result.outcome().reason()).isEqualTo(Reason.INPUT_FAILED);
        assertThat(calls()).doesNotContain("create");
        return result;
    }

    private ExecutionResult run(String id, String path) {
        call(() -> executor.start(request(id, path, sha256(CONTENT))).otherwiseEmpty());
        return call(() -> executor.await(id(id)).result());
    }

    private void redirect(String path, String location) {
        pages.put(
                path,
                request ->
                        request.response()
                                .setStatusCode(302)
                                .putHeader("Location", location)
                                .end());
    }

    private String base() {
        return "http://127.0.0.1:" + server.actualPort();
    }

    private ExecutionRequest request(String id, String path, String sha256) {
        return request(id, path, sha256, Retry.NONE);
    }

    private ExecutionRequest request(String id, String path, String sha256, Retry retry) {
        WebAddress address = Objects.requireNonNull(WebAddress.parse(base() + path));
        String program = id.equals("e1") && path.contains("sig") ? "sleep" : "true";
        return new ExecutionRequest(
                id(id),
                new JobId("job"),
                EngineSpec.of("busybox", program),
                Resources.DEFAULTS,
                Timeouts.DEFAULTS,
                new JobFiles(
                        List.of(new Input.Http(address, sha256, TARGET, 0600)),
                        List.of(),
                        List.of()),
                retry,
                id,
                null);
    }

    private ExecutorSettings settings(Duration silence) {
        return ExecutorSettings.defaults(node("n"))
                .withInputs(
                        new DownloadPolicy(List.of(base() + "/files/**")),
                        new InputRules(MOST_BYTES, silence, silence.multipliedBy(5)));
    }

    private static boolean isEmpty(Path directory) {
        try (var files = Files.list(directory)) {
            return files.findAny().isEmpty();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
