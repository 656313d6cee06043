package dev.longshore.board;

import dev.longshore.job.LogRecord;

import io.vertx.core.Vertx;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Everybody who follows one execution's log. The more they are, the longer lines are gathered
 * before all are told at once: what a turn costs for each reader is then spent on many lines. On
 * the board's context.
 */
final class Audience {
    /** So many readers are worth a millisecond. */
    private static final int READERS_A_MILLI = 10;

    private static final int MAX_MILLIS = 100;

    private final Vertx vertx;

    /** Replaced, never changed: readers leave while they are told. */
    private List<LogFeed.Follower> followers = List.of();

    private List<LogRecord> waiting = new ArrayList<>();
    private int waitingWeight;
    private long timer = -1;

    Audience(Vertx vertx) {
        this.vertx = vertx;
    }

    void join(LogFeed.Follower follower) {
        List<LogFeed.Follower> more = new ArrayList<>(followers.size() + 1);
        more.addAll(followers);
        more.add(follower);
        followers = more;
    }

    /** Takes one away, by identity; true where nobody is left. */
    boolean leave(LogFeed.Follower follower) {
        followers = followers.stream().filter(each -> each != follower).toList();
        if (followers.isEmpty()) {
            calm();
        }
        return followers.isEmpty();
    }

    /** Takes a record, in order; {@link #batchOver} follows. */
    void take(LogRecord entry) {
        waiting.add(entry);
        waitingWeight += TailQueue.weigh(entry);
    }

    /** Nothing more comes for now. */
    void batchOver() {
        int millis = Math.min(MAX_MILLIS, followers.size() / READERS_A_MILLI);
        if (millis == 0 || waitingWeight >= LineRun.MAX_WEIGHT) {
            tell();
        } else if (timer < 0) {
            timer =
                    vertx.setTimer(
                            millis,
                            id -> {
                                timer = -1;
                                tell();
                            });
        }
    }

    private void tell() {
        calm();
        List<Consumer<LogFeed.Follower>> pieces = new ArrayList<>();
        List<LogRecord> all = waiting;
        waiting = new ArrayList<>();
        waitingWeight = 0;
        boolean shared = followers.size() > 1;
        List<LogRecord.Line> run = new ArrayList<>();
        int weight = 0;
        for (LogRecord entry : all) {
            boolean goesOn =
                    shared
                            && entry instanceof LogRecord.Line line
                            && !run.isEmpty()
                            && weight + TailQueue.weigh(line) <= LineRun.MAX_WEIGHT
                            && LineRun.continues(run.getLast(), line);
            if (!goesOn) {
                close(run, pieces);
                weight = 0;
            }
            if (shared && entry instanceof LogRecord.Line line) {
                run.add(line);
                weight += TailQueue.weigh(line);
            } else {
                pieces.add(follower -> follower.handle(entry));
            }
        }
        close(run, pieces);
        followers.forEach(follower -> pieces.forEach(piece -> piece.accept(follower)));
    }

    private void close(List<LogRecord.Line> run, List<Consumer<LogFeed.Follower>> pieces) {
        if (!run.isEmpty()) {
            LineRun told = new LineRun(run, followers.size());
            pieces.add(follower -> follower.handleRun(told));
            run.clear();
        }
    }

    private void calm() {
        if (timer >= 0) {
            vertx.cancelTimer(timer);
            timer = -1;
        }
    }
}
