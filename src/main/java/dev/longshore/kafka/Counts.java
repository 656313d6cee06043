package dev.longshore.kafka;

import dev.longshore.job.LogRecord;
import dev.longshore.job.RefusalCode;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Metrics;

import java.util.List;
import java.util.Locale;

/** What this process wrote that an operator wants to be told of. Any thread. */
final class Counts {
    private Counts() {}

    /** A record went to the dead letters. */
    static void refused(RefusalCode code) {
        Counter.builder("longshore.dead.letters")
                .description("Records of jobs and control that were refused")
                .tag("code", code.name().toLowerCase(Locale.ROOT))
                .register(Metrics.globalRegistry)
                .increment();
    }

    /** These were written to the topic of logs. */
    static void logged(List<LogRecord> records) {
        for (LogRecord record : records) {
            if (record instanceof LogRecord.Gap gap) {
                Counter.builder("longshore.log.gaps")
                        .description("Places in logs where lines are known to be missing")
                        .tag("reason", gap.reason())
                        .register(Metrics.globalRegistry)
                        .increment();
            }
        }
    }
}
