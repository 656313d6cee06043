package dev.longshore.docker;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.json.JsonObject;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One command in a running container. While it runs there is a connection and no thread: asked
 * without an upgrade, the engine answers 200 and then the output's frames until the command's end.
 * Runs on one context.
 */
final class Exec {
    /** Kept of each stream; the rest is read and dropped, so that the command can go on. */
    static final int MOST_BYTES = 1 << 20;

    private static final long EXIT_POLL_MS = 50;
    private static final int STDERR = 2;

    private final Context context;
    private final Questions questions;
    private final String what;
    private final Duration deadline;
    private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();
    private boolean truncated;

    /**
     * @param deadline how long the engine may take for each step but the command's own run
     */
    Exec(Context context, Questions questions, String containerId, Duration deadline) {
        this.context = context;
        this.questions = questions;
        this.what = "run a command in container " + containerId;
        this.deadline = deadline;
    }

    Future<ExecResult> start(EngineHttp http, String containerId, List<String> command) {
        Promise<ExecResult> result = Promise.promise();
        context.runOnContext(
                _ ->
                        questions
                                .ask(what, engine -> engine.prepareExec(containerId, command))
                                .compose(execId -> run(http, execId).compose(_ -> exit(execId)))
                                .recover(e -> Future.failedFuture(DockerFailures.of(what, e)))
                                .onComplete(result));
        return result.future();
    }

    private Future<Void> run(EngineHttp http, String execId) {
        return http.post(
                        "/exec/" + execId + "/start",
                        new JsonObject().put("Detach", false).put("Tty", false),
                        deadline)
                .compose(this::read);
    }

    private Future<Void> read(HttpClientResponse response) {
        Promise<Void> end = Promise.promise();
        new LogReading(
                        context,
                        what,
                        response,
                        new LogReading.Listener(
                                this::keep, () -> {}, broken -> complete(end, broken)))
                .start(false);
        return end.future();
    }

    private static void complete(Promise<Void> end, @Nullable DockerFailure broken) {
        if (broken == null) {
            end.tryComplete();
        } else {
            end.tryFail(broken);
        }
    }

    private void keep(int type, byte[] bytes, int from, int to) {
        ByteArrayOutputStream kept = type == STDERR ? stderr : stdout;
        int length = Math.min(to - from, MOST_BYTES - kept.size());
        truncated |= length < to - from;
        kept.write(bytes, from, length);
    }

    /** The engine learns of the end a moment after the output's. */
    private Future<ExecResult> exit(String execId) {
        return exit(execId, System.nanoTime() + deadline.toNanos());
    }

    private Future<ExecResult> exit(String execId, long until) {
        return questions
                .ask(what, engine -> engine.execExitCode(execId))
                .compose(
                        code -> {
                            if (code != null) {
                                return Future.succeededFuture(
                                        new ExecResult(
                                                code, text(stdout), text(stderr), truncated));
                            }
                            if (System.nanoTime() - until > 0) {
                                return Future.failedFuture(
                                        new DockerFailure.Unreachable(
                                                what + ": it runs on without its output"));
                            }
                            return context.owner()
                                    .timer(EXIT_POLL_MS, TimeUnit.MILLISECONDS)
                                    .compose(_ -> exit(execId, until));
                        });
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
