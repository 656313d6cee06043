package dev.longshore.http;

import dev.longshore.board.Board;
import dev.longshore.job.Grant;
import dev.longshore.job.NodeId;
import dev.longshore.job.NodeStatus;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code /metrics}: what one node counts, in Prometheus' text form. No label holds an id, an image
 * or a name that a client chose. What other rooms count by Micrometer's global registry is in it
 * too. Made and closed on the context of the verticle, written on a worker.
 */
final class Meters implements AutoCloseable {
    private static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";
    private static final double NANOS = 1e9;

    private static final Pattern SHAPE =
            Pattern.compile(
                    "/api/v1/(executions|nodes|dead-letters)/[^/]+(/(?:history|result|logs|stats|exec|cancel|pause"
                        + "|resume|signal|extend|remove|drain|undrain|cleanup|prefetch|replay))?");

    private final Vertx vertx;
    private final Board board;
    private final NodeId self;
    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics garbage = new JvmGcMetrics();
    private final ExecutionMeters executions;

    Meters(Vertx vertx, Board board, NodeId self) {
        this.vertx = vertx;
        this.board = board;
        this.self = self;
        this.executions = new ExecutionMeters(registry, board, self);
        Metrics.addRegistry(registry);
        jvm();
        node();
        new KafkaMeters(self).bindTo(registry);
        gauge("longshore.tail.clients", "Logs and lists that are being read", Board::openTails);
        gauge("longshore.board.executions", "Executions kept to be looked up", Board::size);
        String version = Meters.class.getPackage().getImplementationVersion();
        Gauge.builder("longshore.build.info", () -> 1)
                .tag("version", version == null ? "dev" : version)
                .description("Always 1")
                .register(registry);
    }

    void mount(Router router) {
        router.route().handler(this::time);
        router.get("/metrics").handler(this::scrape);
    }

    @Override
    public void close() {
        executions.close();
        garbage.close();
        Metrics.removeRegistry(registry);
        registry.close();
    }

    private void jvm() {
        new ClassLoaderMetrics().bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        garbage.bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
    }

    private void node() {
        ofNode("running", "Executions that have a container", NodeStatus::running);
        ofNode(
                "slots",
                "Most executions that may have a container at a time",
                node -> node.maxRunning() == null ? Double.NaN : node.maxRunning());
        ofNode("waiting", "Executions that wait for capacity", NodeStatus::waiting);
        ofNode(
                "draining",
                "1 while no new commands are taken by request",
                node -> node.state() == NodeStatus.State.DRAINING ? 1 : 0);
        ofNode(
                "degraded",
                "1 while the engine does not answer",
                node -> node.state() == NodeStatus.State.DEGRADED ? 1 : 0);
        amounts("capacity", "In all", NodeStatus::capacity);
        amounts("allocated", "Promised to executions", NodeStatus::allocated);
    }

    private void amounts(
            String name, String what, java.util.function.Function<NodeStatus, Grant> of) {
        ofNode(name + ".cores", what, node -> of.apply(node).cpuNanos() / NANOS);
        ofNode(name + ".memory.bytes", what, node -> of.apply(node).memoryBytes());
        ofNode(name + ".gpus", what, node -> of.apply(node).gpus().size());
    }

    private void ofNode(String name, String description, ToDoubleFunction<NodeStatus> value) {
        gauge(
                "longshore.node." + name,
                description,
                from -> {
                    NodeStatus now = from.node(self);
                    return now == null ? Double.NaN : value.applyAsDouble(now);
                });
    }

    private void gauge(String name, String description, ToDoubleFunction<Board> value) {
        Gauge.builder(name, board, value).description(description).register(registry);
    }

    private void time(RoutingContext context) {
        long began = System.nanoTime();
        context.addEndHandler(
                ended -> {
                    Tags tags =
                            Tags.of(
                                    "method", method(context),
                                    "route", route(context),
                                    "status", context.response().getStatusCode() / 100 + "xx");
                    Timer.builder("longshore.http.requests")
                            .description("Requests, from their first byte to the end of the answer")
                            .tags(tags)
                            .register(registry)
                            .record(System.nanoTime() - began, TimeUnit.NANOSECONDS);
                });
        context.next();
    }

    private static String method(RoutingContext context) {
        String name = context.request().method().name();
        return Set.of("GET", "POST", "HEAD", "DELETE").contains(name) ? name : "other";
    }

    /**
     * The route's own pattern: what the client sent may be anything. After a failure there is none,
     * so that it is told by the shape of the path, as far as that is one of ours.
     */
    private static String route(RoutingContext context) {
        String path = context.currentRoute() == null ? null : context.currentRoute().getPath();
        if (path != null) {
            return path;
        }
        Matcher shape = SHAPE.matcher(String.valueOf(context.request().path()));
        if (!shape.matches()) {
            return "none";
        }
        String verb = shape.group(2);
        return "/api/v1/" + shape.group(1) + "/:id" + (verb == null ? "" : verb);
    }

    private void scrape(RoutingContext context) {
        Parameters.of(context, Set.of());
        vertx.executeBlocking(registry::scrape, false)
                .onSuccess(
                        text ->
                                context.response()
                                        .putHeader("Content-Type", CONTENT_TYPE)
                                        .end(text))
                .onFailure(context::fail);
    }
}
