package dev.longshore.executor;

import dev.longshore.docker.ContainerView;
import dev.longshore.job.CollectedOutput;
import dev.longshore.job.LogPosition;
import dev.longshore.job.LogSummary;
import dev.longshore.job.OutputTail;
import dev.longshore.job.Usage;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/**
 * What an execution leaves behind at its end.
 *
 * @param containerId its container, or null where it has none (any more)
 * @param exited that container after its program ran, or null where it did not
 * @param log its log, counted
 * @param output the end of what it printed
 * @param outputs what was collected
 * @param usage what it used, or null
 */
record Remains(
        @Nullable String containerId,
        @Nullable ContainerView exited,
        LogSummary log,
        OutputTail output,
        List<CollectedOutput> outputs,
        @Nullable Usage usage) {
    /** When the program started, or null where it did not. */
    @Nullable Instant startedAt() {
        return exited == null ? null : exited.startedAt();
    }

    /** When it ended, by the engine's clock; {@code now} where the engine does not say. */
    Instant finishedAt(Instant now) {
        if (exited == null) {
            return now;
        }
        Instant started = exited.startedAt();
        if (exited.finishedAt() == null) {
            // The clock may have been set back since.
            return started != null && now.isBefore(started) ? started : now;
        }
        // Engines date the end of a very short program before its start.
        return started != null && exited.finishedAt().isBefore(started)
                ? started
                : exited.finishedAt();
    }

    /** What a program that never ran leaves: nothing printed, and a container if one was made. */
    static Remains ofNoProgram(@Nullable String containerId, String logTopic) {
        LogSummary nothing = new LogSummary(logTopic, -1, -1, -1, 0, 0, true);
        return new Remains(containerId, null, nothing, OutputTail.EMPTY, List.of(), null);
    }

    /** What is left of a container that is gone: the lines that the topic has. */
    static Remains lost(Relic relic, String logTopic) {
        LogPosition log = relic.log();
        LogSummary known =
                new LogSummary(
                        log == null ? logTopic : log.topic(),
                        log == null ? -1 : log.partition(),
                        relic.lines().firstOffset(),
                        relic.lines().lastOffset(),
                        relic.lines().lines(),
                        0,
                        false);
        return new Remains(null, null, known, OutputTail.EMPTY, List.of(), null);
    }

    /**
     * What is left where we failed ourselves at an execution: the lines that were read, and no
     * outputs.
     */
    static Remains salvaged(
            String containerId,
            @Nullable ContainerView exited,
            @Nullable ContainerRun run,
            String logTopic) {
        if (run != null) {
            LogShipment shipment = run.shipment();
            return new Remains(
                    containerId,
                    exited,
                    shipment.summary(),
                    shipment.tail(),
                    List.of(),
                    run.usage());
        }
        boolean neverRan = exited == null || exited.startedAt() == null;
        LogSummary unread = new LogSummary(logTopic, -1, -1, -1, 0, 0, neverRan);
        return new Remains(containerId, exited, unread, OutputTail.EMPTY, List.of(), null);
    }

    /** What a program that ran leaves; its container is null where it was removed from under us. */
    static Remains ofProgram(
            ContainerRun run, @Nullable ContainerView exited, List<CollectedOutput> outputs) {
        LogShipment shipment = run.shipment();
        return new Remains(
                exited == null ? null : exited.id(),
                exited,
                shipment.summary(),
                shipment.tail(),
                outputs,
                run.usage());
    }
}
