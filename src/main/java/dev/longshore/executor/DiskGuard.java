package dev.longshore.executor;

import dev.longshore.job.Reason;

import io.vertx.core.Future;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Keeps one job from filling the disk for all: looks every second how much is free, which costs
 * next to nothing, and asks the engine who has written how much, which costs a walk over files,
 * only where a good deal has gone since it last asked. Whoever has written more than one may is
 * stopped; where too little is left, commands are not taken and the biggest writer is stopped.
 * Lives on the executor's context.
 */
final class DiskGuard {
    private static final Logger log = LoggerFactory.getLogger(DiskGuard.class);
    private static final Duration PERIOD = Duration.ofSeconds(1);

    /** A full disk does not wait for a program to end in its own time. */
    private static final Duration MOST_GRACE = Duration.ofSeconds(1);

    private static final long MIB = 1L << 20;
    private static final long LEAST_DROP_BYTES = 64 * MIB;

    private final Berth berth;
    private final Roster roster;
    private final Gate gate;
    private final Supplier<Future<Long>> freeBytes;
    private final DiskRules rules;
    private Timers.Timer next = () -> {};
    private long mostFree = -1;
    private boolean asking;
    private boolean stopped;

    /**
     * @param freeBytes how much is free where the engine writes
     */
    DiskGuard(Berth berth, Roster roster, Gate gate, Supplier<Future<Long>> freeBytes) {
        this.berth = berth;
        this.roster = roster;
        this.gate = gate;
        this.freeBytes = freeBytes;
        this.rules = berth.settings().disk();
    }

    void start() {
        look();
    }

    Future<Void> stop() {
        stopped = true;
        next.cancel();
        return Future.succeededFuture();
    }

    private void look() {
        freeBytes
                .get()
                .onSuccess(this::judge)
                .onFailure(
                        failure -> log.debug("free space is not known: {}", failure.getMessage()))
                .onComplete(
                        any -> {
                            if (!stopped) {
                                next = berth.timers().after(PERIOD, this::look);
                            }
                        });
    }

    private void judge(long free) {
        boolean low = free < rules.reserveBytes();
        if (low != gate.isHeld(Gate.Reason.DISK_FULL)) {
            log.warn(
                    low
                            ? "{} MiB are free on the engine's disk, less than disk.reserve: no"
                                    + " commands are taken"
                            : "{} MiB are free on the engine's disk again: commands are taken",
                    free / MIB);
            gate.set(Gate.Reason.DISK_FULL, low);
        }
        mostFree = Math.max(mostFree, free);
        long drop = Math.max(LEAST_DROP_BYTES, rules.maxJobBytes() / 8);
        boolean bounded = rules.maxJobBytes() > 0;
        if ((low || (bounded && mostFree - free > drop)) && !asking && executionsWrite()) {
            asking = true;
            mostFree = free;
            berth.docker()
                    .diskUse()
                    .onSuccess(written -> stopWriters(written, low))
                    .onFailure(
                            failure ->
                                    log.warn(
                                            "who fills the disk is not known: {}",
                                            failure.getMessage()))
                    .onComplete(any -> asking = false);
        }
    }

    private boolean executionsWrite() {
        return !roster.outOfCustody().isEmpty();
    }

    private void stopWriters(Map<String, Long> written, boolean low) {
        for (ExecutionHandler handler : roster.outOfCustody()) {
            long bytes = written(handler, written);
            if (rules.maxJobBytes() > 0 && bytes > rules.maxJobBytes()) {
                stop(
                        handler,
                        "it had written "
                                + bytes / MIB
                                + " MiB to disk, more than the "
                                + rules.maxJobBytes() / MIB
                                + " MiB that one job may");
            }
        }
        ExecutionHandler biggest = low ? biggest(written) : null;
        if (biggest != null) {
            stop(
                    biggest,
                    "the node's disk was nearly full, and with "
                            + written(biggest, written) / MIB
                            + " MiB it had written the most");
        }
    }

    private @Nullable ExecutionHandler biggest(Map<String, Long> written) {
        return roster.outOfCustody().stream()
                .filter(handler -> written(handler, written) >= LEAST_DROP_BYTES)
                .max(Comparator.comparingLong(handler -> written(handler, written)))
                .orElse(null);
    }

    private static long written(ExecutionHandler handler, Map<String, Long> written) {
        String containerId = handler.status().containerId();
        return containerId == null ? 0 : written.getOrDefault(containerId, 0L);
    }

    private static void stop(ExecutionHandler handler, String why) {
        if (handler.stop(new StopOrder(Reason.DISK_LIMIT, why, MOST_GRACE))) {
            log.warn("execution {} is stopped: {}", handler.request().executionId(), why);
        }
    }
}
