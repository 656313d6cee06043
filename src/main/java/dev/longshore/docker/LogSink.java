package dev.longshore.docker;

import dev.longshore.job.LogRecord;
import java.util.List;

/** Takes the lines of one container's log. */
@FunctionalInterface
public interface LogSink {
    /**
     * The next lines, in order, at least one; gaps where lines could not be had. Called on the context that asked.
     *
     * @param batch as many as one read gave
     */
    void accept(List<? extends LogRecord> batch);
}
