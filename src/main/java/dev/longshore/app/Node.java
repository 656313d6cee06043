package dev.longshore.app;

import dev.longshore.board.Board;
import dev.longshore.board.BoardVerticle;
import dev.longshore.capacity.GpuInventory;
import dev.longshore.docker.DockerFailure;
import dev.longshore.docker.DockerJava;
import dev.longshore.executor.DrainMode;
import dev.longshore.executor.ExecutorSettings;
import dev.longshore.executor.ExecutorVerticle;
import dev.longshore.http.HealthCheck;
import dev.longshore.http.HttpVerticle;
import dev.longshore.kafka.KafkaClients;

import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * One node, assembled by hand: topics, then the board, then HTTP, which has to know its port before
 * the executor tells others where the node answers, then the executor. Stops in the opposite order.
 */
public final class Node {
    private static final Logger LOG = LoggerFactory.getLogger(Node.class);
    private static final Duration STUCK = Duration.ofSeconds(15);
    private static final long LONGEST_START_SECONDS = 60;
    private static final long LONGEST_STOP_SECONDS = 30;

    private final Vertx vertx;
    private final Settings settings;
    private final Deque<String> deployed = new ArrayDeque<>();
    private final CompletableFuture<Throwable> failed = new CompletableFuture<>();
    private final Pulse pulse = new Pulse(STUCK);
    private volatile @Nullable ExecutorLives executor;

    private Node(Vertx vertx, Settings settings) {
        this.vertx = vertx;
        this.settings = settings;
    }

    /**
     * Starts a node as {@link NodeLauncher} asks, and blocks the calling thread until it takes
     * commands.
     *
     * @throws SettingsException if the settings are not in order
     * @throws IllegalStateException if a part could not start; names the part, the cause and what
     *     to do
     */
    public static RunningNode launch(@Nullable Path config, Map<String, String> flags)
            throws InterruptedException {
        Settings settings = SettingsReader.read(SettingsReader.Sources.usual(config, flags));
        // Nothing is read from the class path by way of Vert.x: no cache that a kill leaves behind.
        FileSystemOptions files =
                new FileSystemOptions()
                        .setClassPathResolvingEnabled(false)
                        .setFileCachingEnabled(false);
        Vertx vertx = Vertx.vertx(new VertxOptions().setFileSystemOptions(files));
        Node node = new Node(vertx, settings);
        try {
            String url = get(node.start(), LONGEST_START_SECONDS);
            return new RunningNode(
                    url,
                    settings.kafka().bootstrapServers(),
                    settings.node().id().value(),
                    node.failed,
                    node::stop);
        } catch (ExecutionException e) {
            node.stop();
            throw new IllegalStateException(explain(e.getCause()), e.getCause());
        } catch (TimeoutException e) {
            node.stop();
            throw new IllegalStateException(
                    "not ready after "
                            + LONGEST_START_SECONDS
                            + " s; are the brokers at "
                            + settings.kafka().bootstrapServers()
                            + " well?",
                    e);
        }
    }

    private Future<String> start() {
        KafkaClients kafka = new KafkaClients(settings.kafka());
        Board board = new Board(vertx, settings.board());
        HttpVerticle http =
                new HttpVerticle(board, settings.http(), settings.kafka(), this::checks);
        return kafka.topicSetup(vertx.getOrCreateContext())
                .ensure()
                .recover(
                        failure ->
                                Future.failedFuture(
                                        new IllegalStateException(
                                                "cannot use the brokers at "
                                                        + settings.kafka().bootstrapServers()
                                                        + ": "
                                                        + failure.getMessage(),
                                                failure)))
                .compose(ensured -> deploy(new BoardVerticle(board, kafka)))
                .compose(up -> deploy(http).recover(this::cannotListen))
                .map(up -> url(http))
                .compose(url -> execute(kafka, url).map(url));
    }

    private Future<Void> execute(KafkaClients kafka, String url) {
        ExecutorLives lives =
                new ExecutorLives(vertx, end -> executor(kafka, url, end), failed::complete);
        executor = lives;
        return lives.start();
    }

    private ExecutorVerticle executor(KafkaClients kafka, String url, Consumer<Throwable> end) {
        String told = settings.node().url() == null ? url : settings.node().url();
        ExecutorVerticle.Ground ground =
                new ExecutorVerticle.Ground(
                        kafka,
                        on -> {
                            pulse.of(on.getOrCreateContext());
                            return DockerJava.create(on, settings.docker());
                        },
                        GpuInventory.ofHost(),
                        HostFacts.bootedAt(settings.docker().host()),
                        settings.node().lostAfter(),
                        end);
        return new ExecutorVerticle(settings.executor().withUrl(told), ground);
    }

    private String url(HttpVerticle http) {
        String host = settings.http().host();
        return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + http.port();
    }

    private List<HealthCheck> checks() {
        ExecutorLives lives = executor;
        boolean takesCommands = lives != null && lives.takesCommands();
        return List.of(
                new HealthCheck(
                        "executor", takesCommands, takesCommands ? "" : "does not take commands"),
                pulse.check());
    }

    private Future<Void> cannotListen(Throwable failure) {
        return Future.failedFuture(
                new IllegalStateException(
                        "cannot listen on "
                                + settings.http().host()
                                + ":"
                                + settings.http().port()
                                + ": "
                                + failure.getMessage()
                                + "; choose another http.port, 0 for a free one",
                        failure));
    }

    private Future<Void> deploy(Deployable verticle) {
        return vertx.deployVerticle(verticle).onSuccess(deployed::push).mapEmpty();
    }

    private void stop() {
        ExecutorLives lives = executor;
        Future<Void> ended = lives == null ? Future.succeededFuture() : lives.stop();
        try {
            get(ended.eventually(this::undeployAll).eventually(vertx::close), longestStopSeconds());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("did not stop in good order: {}", String.valueOf(e.getCause()));
        }
    }

    /** Each part keeps its own deadlines; this one is for what none of them foresaw. */
    private long longestStopSeconds() {
        ExecutorSettings executor = settings.executor();
        return executor.drain() == DrainMode.WAIT
                ? executor.drainTimeout().toSeconds() + LONGEST_STOP_SECONDS
                : LONGEST_STOP_SECONDS;
    }

    private Future<Void> undeployAll() {
        Future<Void> undeployed = Future.succeededFuture();
        while (!deployed.isEmpty()) {
            String next = deployed.pop();
            undeployed = undeployed.eventually(() -> vertx.undeploy(next));
        }
        return undeployed;
    }

    private static <T> T get(Future<T> future, long seconds)
            throws InterruptedException, ExecutionException, TimeoutException {
        return future.toCompletionStage().toCompletableFuture().get(seconds, TimeUnit.SECONDS);
    }

    private static String explain(@Nullable Throwable cause) {
        if (cause == null) {
            return "an unknown failure";
        }
        String message = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        String hint = cause instanceof DockerFailure failure ? failure.hint() : "";
        return hint.isEmpty() ? message : message + "; " + hint;
    }
}
