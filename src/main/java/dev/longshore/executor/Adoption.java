package dev.longshore.executor;

import dev.longshore.docker.ContainerView;
import dev.longshore.job.CommandPosition;
import dev.longshore.job.EngineSpec;
import dev.longshore.job.ExecutionId;
import dev.longshore.job.ExecutionRequest;
import dev.longshore.job.ExecutionState;
import dev.longshore.job.JobId;
import dev.longshore.job.Resources;
import dev.longshore.job.StatusEvent;
import dev.longshore.job.Timeouts;
import dev.longshore.kafka.LineSurvey;

import io.vertx.core.Future;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Takes on again what an earlier life of this node was running: the engine's containers are the
 * record of what exists, the topics of what was asked and said. A program that runs goes on and is
 * watched again, one that has ended is reported, a container that was never started is; nothing is
 * started a second time. Called before commands are taken, and for what turns up later without
 * anybody who looks after it. On the executor's context.
 */
final class Adoption {
    private static final Logger log = LoggerFactory.getLogger(Adoption.class);
    static final LineSurvey.Found NO_LINES = new LineSurvey.Found(0, -1, -1);

    private final Berth berth;
    private final Executor executor;
    private final Known known;
    private final Memory memory;

    Adoption(Berth berth, Executor executor, Known known, Memory memory) {
        this.berth = berth;
        this.executor = executor;
        this.known = known;
        this.memory = memory;
    }

    /** Completed when everything that is left is in the executor's hands. */
    Future<Void> settle() {
        return berth.docker()
                .list(Containers.ofNode(berth.settings().nodeId()))
                .compose(containers -> settle(byExecution(containers), unfinished()));
    }

    private Map<ExecutionId, List<ContainerView>> byExecution(List<ContainerView> containers) {
        Map<ExecutionId, List<ContainerView>> byId = new LinkedHashMap<>();
        for (ContainerView container : containers) {
            String id = container.labels().get(Containers.EXECUTION);
            if (id == null || !ExecutionId.isValid(id)) {
                log.warn("container {} has our label, but is of no execution", container.name());
                continue;
            }
            byId.computeIfAbsent(new ExecutionId(id), first -> new ArrayList<>()).add(container);
        }
        return byId;
    }

    /** The same for these containers alone, which nobody looks after. */
    Future<Void> takeOn(List<ContainerView> containers) {
        Map<ExecutionId, List<ContainerView>> byId = byExecution(containers);
        Map<ExecutionId, StatusEvent> unfinished = unfinished();
        unfinished.keySet().retainAll(byId.keySet());
        return settle(byId, unfinished);
    }

    private Map<ExecutionId, StatusEvent> unfinished() {
        Map<ExecutionId, StatusEvent> unfinished = new LinkedHashMap<>();
        known.unfinished(berth.settings().nodeId())
                .forEach(event -> unfinished.put(event.executionId(), event));
        return unfinished;
    }

    private Future<Void> settle(
            Map<ExecutionId, List<ContainerView>> containers,
            Map<ExecutionId, StatusEvent> unfinished) {
        Set<ExecutionId> ids = new TreeSet<>(Comparator.comparing(ExecutionId::value));
        ids.addAll(containers.keySet());
        ids.addAll(unfinished.keySet());
        List<Found> all = new ArrayList<>();
        for (ExecutionId id : ids) {
            List<ContainerView> own = new ArrayList<>(containers.getOrDefault(id, List.of()));
            own.sort(Comparator.comparingInt(Containers::attempt).reversed());
            Known.Life life = known.find(id);
            if (life != null && isOver(life)) {
                own.forEach(this::remove);
                continue;
            }
            own.stream().skip(1).forEach(this::remove);
            ContainerView newest = own.isEmpty() ? null : own.getFirst();
            all.add(new Found(id, newest, unfinished.get(id)));
        }
        return all.isEmpty() ? Future.succeededFuture() : ask(all);
    }

    /** Whether it has ended, or another node has taken it over, so that nothing of it is ours. */
    private boolean isOver(Known.Life life) {
        return life.state().isFinal() || !life.nodeId().equals(berth.settings().nodeId());
    }

    private Future<Void> ask(List<Found> all) {
        List<CommandPosition> commands =
                all.stream().map(Found::command).filter(Objects::nonNull).toList();
        List<LineSurvey.Ask> logs =
                all.stream()
                        .flatMap(
                                found ->
                                        found.log() == null
                                                ? Stream.empty()
                                                : Stream.of(
                                                        new LineSurvey.Ask(
                                                                found.id(),
                                                                containerAttempt(found),
                                                                found.log())))
                        .toList();
        return Future.all(memory.starts(commands), memory.committed(), memory.lines(logs))
                .map(
                        answers -> {
                            Map<CommandPosition, ExecutionRequest> starts = answers.resultAt(0);
                            Map<Integer, Long> committed = answers.resultAt(1);
                            Map<ExecutionId, LineSurvey.Found> lines = answers.resultAt(2);
                            for (Found found : all) {
                                if (found.newest() != null
                                        || isLetGoOf(found.command(), found.last(), committed)
                                        || isGone(found, starts)) {
                                    executor.adopt(relic(found, starts, lines));
                                }
                            }
                            return null;
                        });
    }

    private static int containerAttempt(Found found) {
        return found.newest() == null ? found.attempt() : Containers.attempt(found.newest());
    }

    /**
     * Whether its start command, which alone stood for it, is gone with its topic or by retention.
     */
    private static boolean isGone(Found found, Map<CommandPosition, ExecutionRequest> starts) {
        CommandPosition command = found.command();
        return command != null && !found.isOf(starts.get(command));
    }

    /**
     * Whether its start command, which alone stood for it, will not be delivered again.
     *
     * @param command where that stands, or null where it is not known
     * @param last what was said of the execution last, or null
     * @param committed of each partition the first offset that is not let go of
     */
    static boolean isLetGoOf(
            @Nullable CommandPosition command,
            @Nullable StatusEvent last,
            Map<Integer, Long> committed) {
        if (command == null) {
            return last != null
                    && last.state() != ExecutionState.ACCEPTED
                    && last.state() != ExecutionState.PULLING;
        }
        return committed.getOrDefault(command.partition(), 0L) > command.offset();
    }

    private Relic relic(
            Found found,
            Map<CommandPosition, ExecutionRequest> starts,
            Map<ExecutionId, LineSurvey.Found> lines) {
        ExecutionRequest request =
                Optional.ofNullable(found.command())
                        .map(starts::get)
                        .filter(found::isOf)
                        .orElseGet(() -> remembered(found));
        Relic relic =
                new Relic(
                        request,
                        found.command(),
                        found.last(),
                        time(found, Containers.ASKED).orElseGet(() -> acceptedAt(found)),
                        acceptedAt(found),
                        found.attempt(),
                        found.newest(),
                        found.log(),
                        lines.getOrDefault(found.id(), NO_LINES),
                        silentSince(found));
        log.info(
                "execution {} is taken on again: {}",
                found.id(),
                found.newest() == null ? "its container is gone" : found.newest().state());
        return relic;
    }

    /**
     * What is known of a request whose command is gone: enough to watch what runs, report it and
     * remove it; not its outputs, and it is not tried again.
     */
    private ExecutionRequest remembered(Found found) {
        log.warn(
                "the start command of {} is gone from its topic: its outputs, time limit and"
                        + " retries are not known",
                found.id());
        StatusEvent last = found.last();
        String job = found.label(Containers.JOB);
        JobId jobId =
                last != null
                        ? last.jobId()
                        : new JobId(job != null && JobId.isValid(job) ? job : found.id().value());
        String image = last == null || last.image() == null ? "unknown" : last.image().reference();
        String hash = found.label(Containers.SPEC);
        return new ExecutionRequest(
                found.id(),
                jobId,
                EngineSpec.of(image),
                Resources.DEFAULTS,
                Timeouts.DEFAULTS,
                hash != null ? hash : last == null ? "" : last.specHash(),
                null);
    }

    private Instant acceptedAt(Found found) {
        StatusEvent last = found.last();
        return time(found, Containers.ACCEPTED)
                .orElseGet(() -> last == null ? berth.timers().now() : last.time());
    }

    private static Optional<Instant> time(Found found, String name) {
        String label = found.label(name);
        try {
            return Optional.ofNullable(label).map(Instant::parse);
        } catch (DateTimeParseException notOurs) {
            log.warn("container of {}: {} is no time", found.id(), label);
            return Optional.empty();
        }
    }

    private Instant silentSince(Found found) {
        Instant heard = known.lastHeardOf(berth.settings().nodeId());
        Instant said = found.last() == null ? Instant.EPOCH : found.last().time();
        Instant latest = heard.isAfter(said) ? heard : said;
        return latest.equals(Instant.EPOCH) ? berth.timers().now() : latest;
    }

    private void remove(ContainerView container) {
        new Patience(berth.timers(), () -> true)
                .ask(() -> berth.docker().remove(container.id()))
                .onFailure(
                        left ->
                                log.warn(
                                        "container {} is left over: {}",
                                        container.name(),
                                        left.getMessage()));
    }
}
