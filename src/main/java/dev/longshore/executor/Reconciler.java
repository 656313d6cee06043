package dev.longshore.executor;

import dev.longshore.docker.ContainerView;
import dev.longshore.job.ExecutionId;
import dev.longshore.job.NodeId;

import io.vertx.core.Future;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Compares, now and then, the engine's containers with this node's label with what the executor
 * knows, in both directions. A container that nobody has looked after for the time of grace is
 * removed if its execution's result was told, and taken on as at the node's start if not. A program
 * that is believed to run, and whose container has ended or is gone, is looked at once more. What
 * belongs to no execution, or by what was said to another node, is left alone. Lives on the
 * executor's context.
 */
final class Reconciler {
    private static final Logger log = LoggerFactory.getLogger(Reconciler.class);

    private final Berth berth;
    private final Roster roster;
    private final Known known;
    private final Adoption adoption;
    private final ReconcileRules rules;
    private final Map<String, Long> unattendedSince = new HashMap<>();
    private Timers.Timer next = () -> {};
    private boolean stopped;

    Reconciler(Berth berth, Roster roster, Known known, Adoption adoption) {
        this.berth = berth;
        this.roster = roster;
        this.known = known;
        this.adoption = adoption;
        this.rules = berth.settings().reconcile();
    }

    /**
     * What was found, and with {@link ReconcileRules.Mode#REMOVE} done.
     *
     * @param removed containers whose execution's result was told
     * @param takenOn containers whose execution's result was not
     * @param lookedAt programs believed to run whose container does not
     * @param leftAlone containers that carry this node's label and are not its to touch
     */
    record Findings(int removed, int takenOn, int lookedAt, int leftAlone) {
        boolean isNothing() {
            return removed + takenOn + lookedAt == 0;
        }
    }

    /** Who looks after a container. */
    private enum Care {
        ATTENDED,
        /** Nobody, and nobody has to: its result was told, or a later attempt runs. */
        DONE,
        /** Nobody, though its result may not have been told. */
        FORGOTTEN,
        NOT_OURS
    }

    /** Compares from now on, for the first time after a while. */
    void start() {
        if (rules.mode() != ReconcileRules.Mode.OFF && !stopped) {
            next = berth.timers().after(rules.every(), () -> round().onComplete(any -> start()));
        }
    }

    void stop() {
        stopped = true;
        next.cancel();
    }

    /** Compares once; fails where the engine does not answer: then nothing is known. */
    Future<Findings> round() {
        NodeId here = berth.settings().nodeId();
        return berth.docker()
                .list(Containers.ofNode(here))
                .compose(this::compare)
                .onSuccess(this::tell)
                .onFailure(
                        failure ->
                                log.warn(
                                        "the engine's containers were not compared: {}",
                                        failure.getMessage()));
    }

    private void tell(Findings found) {
        if (!found.isNothing()) {
            log.warn(
                    "compared with the engine's containers ({}): {} to be removed, {} to be taken"
                            + " on again, {} programs to be looked at, {} left alone",
                    rules.mode().settingName(),
                    found.removed(),
                    found.takenOn(),
                    found.lookedAt(),
                    found.leftAlone());
        }
    }

    private Future<Findings> compare(List<ContainerView> containers) {
        List<ContainerView> done = new ArrayList<>();
        List<ContainerView> forgotten = new ArrayList<>();
        Set<String> unattended = new HashSet<>();
        int leftAlone = 0;
        for (ContainerView container : containers) {
            Care care = careOf(container);
            leftAlone += care == Care.NOT_OURS ? 1 : 0;
            if (care == Care.DONE || care == Care.FORGOTTEN) {
                unattended.add(container.id());
                if (isOverdue(container)) {
                    (care == Care.DONE ? done : forgotten).add(container);
                }
            }
        }
        unattendedSince.keySet().retainAll(unattended);
        List<ContainerRun> silent = silent(containers);
        Findings found = new Findings(done.size(), forgotten.size(), silent.size(), leftAlone);
        done.forEach(each -> log.info("nobody needs container {} any more", each.name()));
        forgotten.forEach(each -> log.info("nobody looks after container {}", each.name()));
        return rules.mode() == ReconcileRules.Mode.REMOVE && !stopped
                ? mend(done, forgotten, silent).map(found)
                : Future.succeededFuture(found);
    }

    private Care careOf(ContainerView container) {
        String label = container.labels().get(Containers.EXECUTION);
        if (label == null || !ExecutionId.isValid(label)) {
            return Care.NOT_OURS;
        }
        ExecutionId id = new ExecutionId(label);
        ExecutionHandler handler = roster.live(id);
        if (handler != null) {
            ContainerRun run = handler.run();
            boolean laterRuns =
                    run != null
                            && !run.containerId().equals(container.id())
                            && Containers.attempt(container) < handler.status().attempt();
            return laterRuns ? Care.DONE : Care.ATTENDED;
        }
        Known.Life life = known.find(id);
        if (life == null) {
            return Care.FORGOTTEN;
        }
        if (life.state().isFinal()) {
            return Care.DONE;
        }
        return life.nodeId().equals(berth.settings().nodeId()) ? Care.FORGOTTEN : Care.NOT_OURS;
    }

    private boolean isOverdue(ContainerView container) {
        long now = berth.timers().nanoTime();
        long since = unattendedSince.computeIfAbsent(container.id(), first -> now);
        return Duration.ofNanos(now - since).compareTo(rules.grace()) >= 0;
    }

    /** Those that are believed to run and do not, by this list. */
    private List<ContainerRun> silent(List<ContainerView> containers) {
        Map<String, ContainerView> byId = new HashMap<>();
        containers.forEach(container -> byId.put(container.id(), container));
        List<ContainerRun> silent = new ArrayList<>();
        for (ExecutionHandler handler : roster.live()) {
            handler.running()
                    .onSuccess(
                            run -> {
                                ContainerView container = byId.get(run.containerId());
                                if (container == null || !container.alive()) {
                                    silent.add(run);
                                }
                            });
        }
        return silent;
    }

    private Future<Void> mend(
            List<ContainerView> done, List<ContainerView> forgotten, List<ContainerRun> silent) {
        List<Future<?>> all = new ArrayList<>();
        done.forEach(container -> all.add(berth.docker().remove(container.id())));
        silent.forEach(run -> all.add(run.lookAgain()));
        if (!forgotten.isEmpty()) {
            all.add(adoption.takeOn(forgotten));
        }
        return all.isEmpty() ? Future.succeededFuture() : Future.join(all).mapEmpty();
    }
}
