package dev.longshore.app;

import dev.longshore.kafka.TopicFinding;
import dev.longshore.kafka.TopicSurvey;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The topics of an installation as a person reads them, for {@code longshore topics}. Blocks.
 *
 * @param brokers where the brokers are
 * @param rows one for each topic
 */
public record TopicReport(String brokers, List<Row> rows) {
    /** Refuses nulls by name and copies. */
    public TopicReport {
        Objects.requireNonNull(brokers, "brokers");
        rows = List.copyOf(rows);
    }

    /**
     * One topic.
     *
     * @param topic its name
     * @param verdict {@code ok}, {@code missing}, {@code differs} or {@code wrong}
     * @param detail what was found, one line
     */
    public record Row(String topic, String verdict, String detail) {
        /** Refuses nulls by name. */
        public Row {
            Objects.requireNonNull(topic, "topic");
            Objects.requireNonNull(verdict, "verdict");
            Objects.requireNonNull(detail, "detail");
        }
    }

    /**
     * Looks at the topics that a node with these settings would use.
     *
     * @param file the settings file, or null for none
     * @param flags single settings, which win
     * @throws IOException if the brokers do not answer, or refuse
     * @throws SettingsException if the settings are malformed
     */
    public static TopicReport examine(@Nullable Path file, Map<String, String> flags)
            throws IOException, InterruptedException {
        Settings settings =
                SettingsReader.read(new SettingsReader.Sources(file, System.getenv(), flags));
        return new TopicReport(
                settings.kafka().bootstrapServers(),
                new TopicSurvey(settings.kafka())
                        .examine().stream().map(TopicReport::row).toList());
    }

    private static Row row(TopicFinding finding) {
        return new Row(
                finding.topic(),
                switch (finding.verdict()) {
                    case OK -> "ok";
                    case MISSING -> "missing";
                    case DIFFERS -> "differs";
                    case WRONG -> "wrong";
                },
                finding.detail());
    }
}
