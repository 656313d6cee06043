package dev.longshore.executor;

import dev.longshore.job.Reason;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * Why an execution has to end before it would by itself.
 *
 * @param reason cancelled, timed out, or another reason of ours
 * @param message for people, or null
 * @param mostGrace the longest time between stop signal and SIGKILL, whatever the execution asks
 *     for, or null for no bound
 */
record StopOrder(Reason reason, @Nullable String message, @Nullable Duration mostGrace) {
    StopOrder(Reason reason, @Nullable String message) {
        this(reason, message, null);
    }
}
