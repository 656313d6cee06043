package dev.longshore.executor;

import dev.longshore.docker.ContainerView;
import dev.longshore.job.CommandPosition;
import dev.longshore.job.ExecutionRequest;
import dev.longshore.job.ExecutionResult;
import dev.longshore.job.ExecutionState;
import dev.longshore.job.Grant;
import dev.longshore.job.ImageIdentity;
import dev.longshore.job.LogPosition;
import dev.longshore.job.LogRecord;
import dev.longshore.job.NodeId;
import dev.longshore.job.Outcome;
import dev.longshore.job.PortBinding;
import dev.longshore.job.PullState;
import dev.longshore.job.Reason;
import dev.longshore.job.StatusEvent;
import dev.longshore.kafka.EventSink;

import io.vertx.core.Future;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What is said about one execution, in order: numbers its events, measures its phases and writes
 * its result. Lives on the executor's context.
 */
final class Journal {
    private static final long NEVER = Long.MIN_VALUE;

    private final NodeId nodeId;
    private final ExecutionRequest request;
    private final EventSink sink;
    private final Timers timers;
    private int attempt = 1;
    private Grant grant;
    private final Instant askedAt;
    private final Instant acceptedAt;
    private Stopwatch stopwatch;
    private Future<Void> said = Future.succeededFuture();
    private long saidNanos = NEVER;
    private long sequence;
    private @Nullable StatusEvent latest;
    private @Nullable String containerId;
    private ImageIdentity image;
    private @Nullable LogPosition log;
    private List<PortBinding> ports = List.of();
    private @Nullable PullState pull;
    private @Nullable CommandPosition command;

    /**
     * Begins to speak of an execution, or begins again where an earlier life of the node did not
     * get to make a container.
     */
    static Journal begin(Berth berth, Order order, Grant wanted, Known.@Nullable Life earlier) {
        Instant now = berth.timers().now();
        Journal journal = new Journal(berth, order.request(), order.askedAt(now), now);
        journal.command = order.command();
        journal.grant = wanted;
        journal.attempt = earlier == null ? 1 : earlier.attempt();
        journal.sequence = earlier == null ? 0 : earlier.sequence();
        return journal;
    }

    /** Goes on where an earlier life of the node fell silent. */
    static Journal resume(Berth berth, Relic relic, Grant held) {
        Journal journal = new Journal(berth, relic.request(), relic.askedAt(), relic.acceptedAt());
        StatusEvent last = relic.last();
        ContainerView container = relic.container();
        journal.command = relic.command();
        journal.grant = held;
        journal.attempt = relic.attempt();
        journal.sequence = last == null ? 0 : last.sequence();
        journal.latest = last;
        journal.log = relic.log();
        if (last != null && last.image() != null) {
            journal.image = last.image();
        }
        if (container != null && Containers.attempt(container) == relic.attempt()) {
            journal.containerId = container.id();
            journal.ports = container.ports();
        }
        return journal;
    }

    private Journal(Berth berth, ExecutionRequest request, Instant askedAt, Instant acceptedAt) {
        this.nodeId = berth.settings().nodeId();
        this.request = request;
        this.grant = new Grant(0, 0, 0);
        this.sink = berth.voice().sink();
        this.timers = berth.timers();
        this.askedAt = askedAt;
        this.acceptedAt = acceptedAt;
        this.stopwatch = new Stopwatch(timers);
        this.image = new ImageIdentity(request.engine().image(), null);
    }

    int attempt() {
        return attempt;
    }

    /** When the command was written. */
    Instant askedAt() {
        return askedAt;
    }

    /** What is said from now on is of another attempt, with another container. */
    void nextAttempt() {
        attempt++;
        containerId = null;
        log = null;
        ports = List.of();
        pull = null;
        image = new ImageIdentity(request.engine().image(), null);
        stopwatch = new Stopwatch(timers);
    }

    /** The newest event, null before the first. */
    @Nullable StatusEvent latest() {
        return latest;
    }

    /** What the execution got, with its GPUs; what it asked for until then. */
    Grant grant() {
        return grant;
    }

    void grant(Grant granted) {
        grant = granted;
    }

    ExecutionRequest request() {
        return request;
    }

    /** The container's id; there is one from its creation on. */
    String containerId() {
        return Objects.requireNonNull(containerId, "no container yet");
    }

    /** The labels by which a later life of the node can go on, of a log that starts there. */
    Map<String, String> recoveryLabels(LogPosition logStart) {
        return Containers.ofRecovery(command, logStart, askedAt, acceptedAt);
    }

    boolean isIn(ExecutionState state) {
        return latest != null && latest.state() == state;
    }

    /** Says that the execution went from one state into another, if it is in the first. */
    void change(ExecutionState from, ExecutionState to) {
        if (isIn(from)) {
            say(to, null, null);
        }
    }

    void ports(List<PortBinding> bound) {
        ports = bound;
    }

    /** How far the fetch of the image is; null when it is over. */
    void pull(@Nullable PullState state) {
        pull = state;
    }

    void image(String digest) {
        image = new ImageIdentity(request.engine().image(), digest);
    }

    void container(String id) {
        containerId = id;
    }

    void log(LogPosition position) {
        log = position;
    }

    /** The phase that the stopwatch measures from now on. */
    Stopwatch stopwatch() {
        return stopwatch;
    }

    /** Publishes that the execution is now in {@code state}; a no-op where nothing would change. */
    void say(ExecutionState state, @Nullable Reason reason, @Nullable String message) {
        StatusEvent event = next(state, reason, message);
        saidNanos = timers.nanoTime();
        said = sink.status(event, request.traceparent());
    }

    /** Says once more that its program is about to be started, or to be ended at once. */
    void sayAgainThatItStarts() {
        boolean ending = isIn(ExecutionState.STOPPING);
        say(
                ending ? ExecutionState.STOPPING : ExecutionState.STARTING,
                ending && latest != null ? latest.reason() : null,
                ending && latest != null ? latest.message() : null);
    }

    /** How long ago something was said of it in this life of the node. */
    Duration sinceLastWord() {
        return saidNanos == NEVER
                ? ChronoUnit.FOREVER.getDuration()
                : Duration.ofNanos(timers.nanoTime() - saidNanos);
    }

    /** Completed when Kafka has what was said last; fails where it never will. */
    Future<Void> lastWord() {
        return said;
    }

    /** Completed when Kafka has everything that was said so far, or never will. */
    Future<Void> acknowledged() {
        return said.otherwiseEmpty();
    }

    /**
     * Publishes the end, once everything said before is acknowledged; completed when Kafka has it.
     */
    Future<Void> finish(ExecutionResult result) {
        Outcome outcome = result.outcome();
        StatusEvent last = next(outcome.state(), outcome.reason(), outcome.message());
        LogRecord.End end =
                new LogRecord.End(
                        request.executionId(),
                        attempt,
                        result.log().lines(),
                        result.log().complete());
        EventSink.Finale finale = new EventSink.Finale(last, result, end, request.traceparent());
        return said.otherwiseEmpty().compose(acknowledged -> sink.finish(finale));
    }

    /** The result of an execution that ended so and left this. */
    ExecutionResult result(Outcome outcome, Remains remains) {
        Instant startedAt = remains.startedAt();
        Instant finishedAt = remains.finishedAt(timers.now());
        long run = startedAt == null ? 0 : Duration.between(startedAt, finishedAt).toMillis();
        return new ExecutionResult(
                request.executionId(),
                request.jobId(),
                nodeId,
                attempt,
                outcome,
                remains.output(),
                remains.log(),
                image,
                acceptedAt,
                startedAt,
                finishedAt,
                stopwatch.millis(run),
                grant.gpus(),
                remains.outputs(),
                remains.usage());
    }

    private StatusEvent next(
            ExecutionState state, @Nullable Reason reason, @Nullable String message) {
        if (latest != null && !latest.state().mayBecome(state)) {
            throw new IllegalStateException(
                    request.executionId() + ": " + latest.state() + " cannot become " + state);
        }
        sequence++;
        StatusEvent event =
                new StatusEvent(
                        request.executionId(),
                        request.jobId(),
                        nodeId,
                        attempt,
                        sequence,
                        state,
                        latest == null ? null : latest.state(),
                        reason,
                        message,
                        timers.now(),
                        containerId,
                        image,
                        grant,
                        pull,
                        ports,
                        log,
                        request.specHash(),
                        command);
        latest = event;
        return event;
    }
}
