package dev.longshore.testing;

import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.apache.logging.log4j.core.filter.ThresholdFilter;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What this JVM's node says at level error while this is open, and exceptions that nobody caught.
 * The broker's own words are left out. Any thread.
 */
public final class LogErrors implements AutoCloseable {
    private static final List<String> OURS = List.of("dev.longshore", "io.vertx");

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Catching appender = new Catching();
    private final Thread.@Nullable UncaughtExceptionHandler before =
            Thread.getDefaultUncaughtExceptionHandler();

    private LogErrors() {}

    /** Begins to listen. */
    public static LogErrors capture() {
        LogErrors errors = new LogErrors();
        errors.appender.start();
        LoggerContext context = (LoggerContext) LogManager.getContext(false);
        context.getConfiguration().getRootLogger().addAppender(errors.appender, Level.ERROR, null);
        context.updateLoggers();
        Thread.setDefaultUncaughtExceptionHandler(
                (thread, failure) -> errors.lines.add(thread.getName() + ": " + failure));
        return errors;
    }

    /** What was heard so far. */
    public List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    public void close() {
        Thread.setDefaultUncaughtExceptionHandler(before);
        LoggerContext context = (LoggerContext) LogManager.getContext(false);
        context.getConfiguration().getRootLogger().removeAppender(appender.getName());
        context.updateLoggers();
        appender.stop();
    }

    private final class Catching extends AbstractAppender {
        Catching() {
            super(
                    "errors-" + System.identityHashCode(lines),
                    ThresholdFilter.createFilter(Level.ERROR, null, null),
                    null,
                    true,
                    Property.EMPTY_ARRAY);
        }

        @Override
        public void append(LogEvent event) {
            String logger = event.getLoggerName();
            if (OURS.stream().anyMatch(logger::startsWith)) {
                lines.add(
                        logger
                                + ": "
                                + event.getMessage().getFormattedMessage()
                                + (event.getThrown() == null ? "" : " " + event.getThrown()));
            }
        }
    }
}
