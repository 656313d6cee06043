package dev.longshore.executor;

import dev.longshore.docker.Absence;
import dev.longshore.docker.ContainerView;
import dev.longshore.docker.Docker;
import dev.longshore.docker.EndEvidence;
import dev.longshore.docker.EngineEvent;
import dev.longshore.docker.EventWatch;
import dev.longshore.docker.Evidence;
import dev.longshore.job.NodeId;

import io.vertx.core.Future;
import io.vertx.core.Promise;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Listens to the engine for as long as the node runs, so that the end of a program can be told from
 * the end of its engine or its host. What it hears explains; what has ended is asked of the engine.
 * Lives on the executor's context.
 */
final class EngineWatch {
    private static final int MOST_CONTAINERS = 4_096;
    private static final int MOST_EVENTS = 64;
    private static final int MOST_ABSENCES = 64;

    /** Whether a hand or an engine that goes down ended it changes the words and no more. */
    private static final Duration ONLY_FOR_WORDS = Duration.ofSeconds(3);

    private static final Duration STEP = Duration.ofMillis(50);

    private final Timers timers;
    private final EndEvidence evidence;
    private final Map<String, List<EngineEvent.Container>> heard = new LinkedHashMap<>();
    private final List<Absence> absences = new ArrayList<>();
    private EngineEvent.@Nullable Connected first;
    private int liveRestarts;
    private @Nullable EventWatch watch;

    /**
     * @param bootedAt when the engine's host was started, or null where that is not known
     */
    EngineWatch(Timers timers, @Nullable Instant bootedAt) {
        this.timers = timers;
        this.evidence = new EndEvidence(bootedAt);
    }

    /** Listens to what happens to the containers of this node. */
    void start(Docker docker, NodeId nodeId) {
        watch = docker.events(Containers.ofNode(nodeId), this::hear);
    }

    Future<Void> stop() {
        EventWatch listening = watch;
        if (listening == null) {
            return Future.succeededFuture();
        }
        listening.close();
        return listening.end();
    }

    /**
     * How often the engine was started again while its containers went on: nobody read what they
     * printed meanwhile, of which a pipe holds little.
     */
    int liveRestarts() {
        return liveRestarts;
    }

    /**
     * What ended a program, once what may still be told of it has been: at once for nearly all.
     *
     * @param exited its container after the end, or null where it is gone
     * @param ours whether we have ended it or sent it a signal
     */
    Future<Evidence> judge(String containerId, @Nullable ContainerView exited, boolean ours) {
        Promise<Evidence> judged = Promise.promise();
        Question question = new Question(containerId, exited, ours, timers.nanoTime());
        new Guard(question.containerId(), judged::tryFail).run(() -> judge(question, judged));
        return judged.future();
    }

    private record Question(
            String containerId, @Nullable ContainerView exited, boolean ours, long askedNanos) {}

    private void judge(Question question, Promise<Evidence> judged) {
        List<EngineEvent.Container> seen = heard.getOrDefault(question.containerId(), List.of());
        List<Absence> silences = silences(question.exited(), seen);
        Duration wait =
                watch == null
                        ? Duration.ZERO
                        : evidence.mayStillTake(question.exited(), seen, silences, question.ours());
        Duration waited = Duration.ofNanos(timers.nanoTime() - question.askedNanos());
        Evidence now = evidence.judge(question.exited(), seen, silences, question.ours());
        Duration most = now.own() || wait.compareTo(ONLY_FOR_WORDS) < 0 ? wait : ONLY_FOR_WORDS;
        if (waited.compareTo(most) < 0) {
            Guard guard = new Guard(question.containerId(), judged::tryFail);
            timers.after(STEP, () -> guard.run(() -> judge(question, judged)));
            return;
        }
        heard.remove(question.containerId());
        judged.complete(now);
    }

    /** When the engine was not heard, the time before this node's start included. */
    private List<Absence> silences(
            @Nullable ContainerView exited, List<EngineEvent.Container> seen) {
        Absence before = exited == null ? null : Absence.before(first, exited, seen);
        if (before == null) {
            return absences;
        }
        List<Absence> all = new ArrayList<>(List.of(before));
        all.addAll(absences);
        return all;
    }

    private void hear(EngineEvent event) {
        switch (event) {
            case EngineEvent.Container container -> hear(container);
            case EngineEvent.Lost lost -> {
                absences.add(Absence.since(lost));
                if (absences.size() > MOST_ABSENCES) {
                    absences.removeFirst();
                }
            }
            case EngineEvent.Connected connected -> {
                first = first == null ? connected : first;
                if (connected.engine() == EngineEvent.Engine.RESTARTED_LIVE) {
                    liveRestarts++;
                }
                if (!absences.isEmpty() && absences.getLast().connectedAt() == null) {
                    absences.add(absences.removeLast().until(connected));
                }
            }
        }
    }

    private void hear(EngineEvent.Container event) {
        boolean tellsOfAnEnd =
                switch (event.action()) {
                    case START, KILL, DIE -> true;
                    case STOP -> heard.containsKey(event.containerId()); // else it was judged
                    default -> false;
                };
        if (!tellsOfAnEnd) {
            return;
        }
        List<EngineEvent.Container> events =
                heard.computeIfAbsent(event.containerId(), unheard -> new ArrayList<>());
        events.add(event);
        if (events.size() > MOST_EVENTS) {
            events.remove(1); // that it began matters, and how it ends
        }
        if (heard.size() > MOST_CONTAINERS) {
            heard.remove(heard.keySet().iterator().next());
        }
    }
}
