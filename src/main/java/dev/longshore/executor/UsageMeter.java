package dev.longshore.executor;

import dev.longshore.docker.ContainerStats;
import dev.longshore.docker.Docker;
import dev.longshore.job.Usage;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * Asks the engine now and then what a program uses, since it forgets that at the program's end. A
 * program that ends within the first second is not measured. Lives on the executor's context.
 */
final class UsageMeter {
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration BETWEEN = Duration.ofSeconds(10);
    private static final double NANOS_PER_SECOND = 1e9;

    private final Docker docker;
    private final Timers timers;
    private final String containerId;
    private Timers.Timer next = () -> {};
    private @Nullable ContainerStats last;
    private long peakMemoryBytes;
    private boolean stopped;

    UsageMeter(Docker docker, Timers timers, String containerId) {
        this.docker = docker;
        this.timers = timers;
        this.containerId = containerId;
    }

    void start() {
        next = timers.after(FIRST, this::measure);
    }

    void stop() {
        stopped = true;
        next.cancel();
    }

    /** What was used, as far as it was seen; null where nothing was. */
    @Nullable Usage usage() {
        ContainerStats seen = last;
        return seen == null
                ? null
                : new Usage(
                        seen.cpuNanos() / NANOS_PER_SECOND,
                        peakMemoryBytes,
                        seen.networkRxBytes(),
                        seen.networkTxBytes(),
                        seen.blockReadBytes(),
                        seen.blockWriteBytes());
    }

    private void measure() {
        docker.stats(containerId)
                .onComplete(
                        sample -> {
                            if (sample.succeeded()) {
                                last = sample.result();
                                peakMemoryBytes = Math.max(peakMemoryBytes, last.peakMemoryBytes());
                            }
                            if (!stopped) {
                                next = timers.after(BETWEEN, this::measure);
                            }
                        });
    }
}
