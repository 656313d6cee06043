package dev.longshore.executor;

import dev.longshore.job.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Why an execution has to end before it would by itself.
 *
 * @param reason cancelled, timed out, or another reason of ours
 * @param message for people, or null
 */
record StopOrder(Reason reason, @Nullable String message) {}
