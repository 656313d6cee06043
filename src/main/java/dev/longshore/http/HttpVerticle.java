package dev.longshore.http;

import dev.longshore.board.Board;
import dev.longshore.bus.BusClient;
import dev.longshore.kafka.CommandHistory;
import dev.longshore.kafka.CommandSink;
import dev.longshore.kafka.DeadLetterSource;
import dev.longshore.kafka.KafkaSettings;
import dev.longshore.kafka.StatusHistory;
import dev.longshore.wire.CommandCodec;
import dev.longshore.wire.EventCodec;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * The HTTP side of a node: owns the server and the sink of its commands. May be deployed several
 * times; the instances share the port. Deployment succeeds when the port is bound.
 */
public final class HttpVerticle extends VerticleBase {
    private static final int MAX_INITIAL_LINE_BYTES = 4 << 10;
    private static final int MAX_HEADER_BYTES = 16 << 10;
    private static final Duration CLOSE_GRACE = Duration.ofSeconds(2);

    private final Board board;
    private final HttpSettings settings;
    private final KafkaSettings kafka;
    private final Supplier<List<HealthCheck>> checks;
    private final CommandCodec codec = new CommandCodec();
    private @Nullable HttpServer server;
    private @Nullable CommandSink sink;
    private @Nullable LogRoutes logs;
    private @Nullable ListRoutes lists;
    private @Nullable Meters meters;
    private @Nullable Forwarding forwarding;
    private volatile Set<String> operations = Set.of();
    private volatile int port = -1;

    /**
     * @param board what is looked up, kept by a {@code BoardVerticle}
     * @param settings how to answer
     * @param kafka where commands go
     * @param checks what has to be well, besides the board, before {@code /health/ready} says so;
     *     asked on event loops, so it answers at once
     */
    public HttpVerticle(
            Board board,
            HttpSettings settings,
            KafkaSettings kafka,
            Supplier<List<HealthCheck>> checks) {
        this.board = board;
        this.settings = settings;
        this.kafka = kafka;
        this.checks = checks;
    }

    /** The port that was bound, -1 before. Any thread. */
    public int port() {
        return port;
    }

    /** What is served, such as {@code GET /api/v1/nodes/{id}}: for tests of the contract. */
    Set<String> operations() {
        return operations;
    }

    private static Set<String> operations(Router router) {
        Set<String> all = new TreeSet<>();
        for (Route route : router.getRoutes()) {
            if (route.getPath() != null && route.methods() != null) {
                String path = route.getPath().replaceAll(":([a-z]+)", "{$1}");
                route.methods().forEach(method -> all.add(method + " " + path));
            }
        }
        return all;
    }

    @Override
    public Future<?> start() {
        CommandSink commands = new CommandSink(context, kafka);
        sink = commands;
        // The codec loads its schemas from files at the first use: not on the event loop, and not
        // during a request. Nor are the files of the page.
        return vertx.executeBlocking(
                        () -> {
                            codec.warmUp();
                            return new Files(new ContractRoutes(), WebPage.load());
                        },
                        false)
                .compose(files -> listen(router(commands, files)))
                .onSuccess(
                        bound -> {
                            server = bound;
                            port = bound.actualPort();
                        });
    }

    @Override
    public Future<?> stop() {
        if (logs != null) {
            logs.stop();
        }
        if (lists != null) {
            lists.stop();
        }
        if (meters != null) {
            meters.close();
        }
        Future<Void> serverClosed =
                server == null ? Future.succeededFuture() : server.shutdown(CLOSE_GRACE);
        return serverClosed
                .eventually(
                        () -> forwarding == null ? Future.succeededFuture() : forwarding.close())
                .eventually(() -> sink == null ? Future.succeededFuture() : sink.close());
    }

    /** What is served as it stands in the class path. */
    private record Files(ContractRoutes contracts, WebPage page) {}

    private Router router(CommandSink commands, Files files) {
        Router router = Router.router(vertx);
        Problems.mount(router);
        Meters counted = new Meters(vertx, board, kafka.nodeId());
        meters = counted;
        // First: before a malformed path meets any pattern.
        router.route().handler(new Guard(settings)::check);
        counted.mount(router);
        StatusHistory history = new StatusHistory(context, kafka, new EventCodec());
        new Access(settings.tokens(), board, new Recall(board, history)).mount(router);
        OpenStreams streams = new OpenStreams(settings.maxStreamsPerAddress());
        new HealthRoutes(board, checks).mount(router);
        files.contracts().mount(router);
        new CommandRoutes(board, codec, commands, settings.maxBodyBytes()).mount(router);
        ListRoutes listRoutes = new ListRoutes(vertx, board, settings, streams);
        listRoutes.mount(router);
        lists = listRoutes;
        new ExecutionRoutes(
                        vertx,
                        board,
                        settings.maxWait(),
                        new ExecutionRoutes.Topics(
                                new Specs(new CommandHistory(context, kafka, codec, "specs")),
                                new Histories(history)))
                .mount(router);
        new NodeRoutes(board).mount(router);
        new KafkaRoutes(kafka).mount(router);
        new DeadLetterRoutes(new DeadLetterSource(context, kafka), commands).mount(router);
        Forwarding toOwners = new Forwarding(vertx, board);
        forwarding = toOwners;
        new OwnRoutes(
                        board,
                        kafka.nodeId(),
                        new BusClient(vertx),
                        toOwners,
                        settings.maxBodyBytes())
                .mount(router);
        LogRoutes logRoutes = new LogRoutes(vertx, board, settings, streams);
        logRoutes.mount(router);
        logs = logRoutes;
        operations = operations(router);
        // After what the contract counts: the page is no part of it.
        files.page().mount(router);
        return router;
    }

    private Future<HttpServer> listen(Router router) {
        HttpServerOptions options =
                new HttpServerOptions()
                        .setMaxInitialLineLength(MAX_INITIAL_LINE_BYTES)
                        .setMaxHeaderSize(MAX_HEADER_BYTES)
                        .setDecompressionSupported(false)
                        .setPerMessageWebSocketCompressionSupported(false)
                        .setPerFrameWebSocketCompressionSupported(false)
                        .setHttp2ClearTextEnabled(false)
                        .setWebSocketClosingTimeout(5);
        return vertx.createHttpServer(options)
                .requestHandler(router)
                .listen(settings.port(), settings.host());
    }
}
