package dev.longshore.board;

import dev.longshore.board.TailRefusedException.Why;
import dev.longshore.job.Execution;
import dev.longshore.job.ExecutionId;
import dev.longshore.job.ExecutionResult;
import dev.longshore.job.ExecutionState;
import dev.longshore.job.JobId;
import dev.longshore.job.LogStreamRequest;
import dev.longshore.job.NodeId;
import dev.longshore.job.NodeStatus;
import dev.longshore.job.StatusEvent;

import io.micrometer.core.instrument.Counter;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;

import org.jspecify.annotations.Nullable;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The public side of the board: what anyone may look up, from any thread. Answers are immutable;
 * what must be told later is told on the caller's context. {@link BoardVerticle} feeds it.
 */
public final class Board {
    private static final int MOST_RECALLED = 100;

    private final Vertx vertx;
    private final BoardSettings settings;
    private final JobBoard jobs;
    private final Watchers watchers = new Watchers();

    /** Held so that it is told before the first reader comes. */
    @SuppressWarnings("unused")
    private final Counter dropped = TailQueue.dropped();

    private final AtomicInteger tails = new AtomicInteger();
    private final Map<ExecutionId, JobId> expected;
    private final Map<ExecutionId, Execution> recalled = bounded(MOST_RECALLED);
    private volatile boolean caughtUp;
    private volatile @Nullable Source source;

    /** A board with nothing on it yet. */
    public Board(Vertx vertx, BoardSettings settings) {
        this.vertx = vertx;
        this.settings = settings;
        this.jobs = new JobBoard(settings);
        this.expected = bounded(settings.maxExecutions());
    }

    /** Lets go of the eldest. */
    private static <K, V> Map<K, V> bounded(int most) {
        return Collections.synchronizedMap(
                new LinkedHashMap<>() {
                    @Override
                    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                        return size() > most;
                    }
                });
    }

    /** What is known of one execution, or null. */
    public @Nullable Execution find(ExecutionId id) {
        Execution known = jobs.find(id);
        return known == null ? recalled.get(id) : known;
    }

    /**
     * Whether an execution that is not found may be in the topics all the same, since the board had
     * to let go of some.
     */
    public boolean hasForgotten() {
        return jobs.hasForgotten();
    }

    /**
     * Takes what somebody read in the topics of an execution that the board had let go of. It is
     * found from now on, until a hundred others were recalled; it is not listed.
     */
    public void recall(Execution forgotten) {
        ExecutionId id = forgotten.executionId();
        recalled.put(id, forgotten);
        if (jobs.find(id) != null) {
            recalled.remove(id); // somebody spoke of it meanwhile: that is newer
        }
    }

    /** Executions, newest first. */
    public Page list(Query query) {
        return jobs.list(query);
    }

    /** Every node ever heard of, by id. */
    public List<NodeStatus> nodes() {
        return jobs.nodes();
    }

    /** What one node said last, or null. */
    public @Nullable NodeStatus node(NodeId id) {
        return jobs.node(id);
    }

    /** How many executions are on the board. */
    public int size() {
        return jobs.size();
    }

    /** Whether everything that had been said before the start has been read. */
    public boolean caughtUp() {
        return caughtUp;
    }

    /**
     * Notes that this node has sent a start command: the execution is asked for, though no node has
     * it yet.
     */
    public void expect(ExecutionId id, JobId jobId) {
        if (jobs.find(id) == null) {
            expected.put(id, jobId);
        }
    }

    /**
     * The job of an execution that this node has asked for and no node has taken on yet; null
     * otherwise.
     */
    public @Nullable JobId expected(ExecutionId id) {
        return jobs.find(id) == null ? expected.get(id) : null;
    }

    /**
     * Waits for the end of an execution, known or not. Call on a Vert.x context; close it in every
     * case.
     */
    public ResultWait awaitResult(ExecutionId id) {
        ResultWait wait = new ResultWait();
        wait.watch(watch(id, wait::seen));
        Execution now = jobs.find(id);
        if (now != null) {
            wait.seen(now);
        }
        return wait;
    }

    /**
     * Tells {@code handler} of every change of one execution, on the calling context, until closed.
     */
    public Watch watch(ExecutionId id, Handler<Execution> handler) {
        return watchers.add(id, vertx.getOrCreateContext(), handler);
    }

    /**
     * Tells {@code handler} of every change of every execution, on the calling context, until
     * closed. Counts as a reader of a log.
     *
     * @throws TailRefusedException where too many read already
     */
    public Watch watchAll(Handler<Execution> handler) {
        admitReader();
        Watch watch = watchers.addAll(vertx.getOrCreateContext(), handler);
        AtomicBoolean closed = new AtomicBoolean();
        return () -> {
            if (closed.compareAndSet(false, true)) {
                watch.close();
                tails.decrementAndGet();
            }
        };
    }

    /**
     * Tells {@code handler} of every change of every execution, on the calling context, until
     * closed: for those of this process, who are not counted as readers.
     */
    public Watch onChange(Handler<Execution> handler) {
        return watchers.addAll(vertx.getOrCreateContext(), handler);
    }

    /** How many executions of a node are in a state. */
    public long count(NodeId node, ExecutionState state) {
        return jobs.count(node, state);
    }

    /**
     * Opens the log of one execution. Call on a Vert.x context.
     *
     * @param request what to read
     * @param readable told on the calling context when {@link LogTail#poll} has something again,
     *     the first time included
     * @throws TailRefusedException where there is nothing to open
     */
    public LogTail tail(LogStreamRequest request, Handler<Void> readable) {
        ExecutionId id = request.executionId();
        Source open = source;
        if (open == null) {
            throw new TailRefusedException(Why.NOT_RUNNING, "the board is not running");
        }
        if (find(id) == null && expected(id) == null) {
            throw new TailRefusedException(
                    Why.UNKNOWN_EXECUTION, "no execution " + id + " is known here");
        }
        admitReader();
        LogTail tail = new LogTail(vertx.getOrCreateContext(), settings.maxQueuedBytes(), readable);
        run(request, open, tail);
        return tail;
    }

    private void admitReader() {
        if (tails.incrementAndGet() > settings.maxTails()) {
            tails.decrementAndGet();
            throw new TailRefusedException(
                    Why.TOO_MANY_READERS,
                    settings.maxTails() + " readers are open: no more are allowed");
        }
    }

    /** How many readers of logs and of the list are open. */
    public int openTails() {
        return tails.get();
    }

    private void run(LogStreamRequest request, Source open, LogTail tail) {
        Context context = open.context();
        TailRun run =
                new TailRun(request, open.feed(), context, tail.queue(), settings.maxQueuedBytes());
        Watch[] watch = {() -> {}};
        tail.bind(
                () -> context.runOnContext(v -> run.drained()),
                () -> {
                    tails.decrementAndGet();
                    context.runOnContext(
                            v -> {
                                watch[0].close();
                                run.close();
                            });
                });
        context.runOnContext(
                v -> {
                    // On the board's context nothing changes between the two: no change is missed,
                    // none comes twice.
                    watch[0] = watchers.add(request.executionId(), context, run::seen);
                    run.start(find(request.executionId()));
                });
    }

    /** How many wait to hear of executions: result waits, watches and log readers. */
    public int openWaits() {
        return watchers.open();
    }

    void open(Context context, LogFeed feed) {
        source = new Source(context, feed);
    }

    void close() {
        source = null;
    }

    void setCaughtUp() {
        caughtUp = true;
    }

    void status(StatusEvent event) {
        tell(jobs.status(event));
        expected.remove(event.executionId());
        recalled.remove(event.executionId());
    }

    void result(ExecutionResult result) {
        tell(jobs.result(result));
    }

    void node(NodeStatus status) {
        jobs.node(status);
    }

    private void tell(@Nullable Execution changed) {
        if (changed != null) {
            watchers.tell(changed);
        }
    }

    /** Where tails read, while the board runs. */
    private record Source(Context context, LogFeed feed) {}
}
