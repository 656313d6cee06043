package dev.longshore.kafka;

import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The seven topics as they are created where they are missing. A pure function of the settings. */
final class WantedTopics {
    private WantedTopics() {}

    /** All of them, in the order of the manual. */
    static List<NewTopic> of(KafkaSettings settings) {
        Topics topics = settings.topics();
        Retention keep = settings.retention();
        Optional<Short> replication =
                settings.replication() == KafkaSettings.BROKER_DEFAULT
                        ? Optional.empty()
                        : Optional.of(settings.replication());
        Optional<Integer> many = Optional.of(settings.partitions());
        Optional<Integer> one = Optional.of(1);
        return List.of(
                new NewTopic(topics.jobs(), many, replication).configs(deleteAfter(keep.jobs())),
                new NewTopic(topics.control(), one, replication)
                        .configs(deleteAfter(keep.control())),
                new NewTopic(topics.status(), many, replication)
                        .configs(
                                Map.of(
                                        TopicConfig.CLEANUP_POLICY_CONFIG,
                                        "compact",
                                        TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG,
                                        millis(keep.statusBeforeCompaction()))),
                new NewTopic(topics.results(), many, replication)
                        .configs(
                                Map.of(
                                        TopicConfig.CLEANUP_POLICY_CONFIG,
                                        "compact,delete",
                                        TopicConfig.RETENTION_MS_CONFIG,
                                        millis(keep.results()))),
                new NewTopic(topics.logs(), many, replication).configs(deleteAfter(keep.logs())),
                new NewTopic(topics.nodes(), one, replication)
                        .configs(Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, "compact")),
                new NewTopic(topics.deadLetters(), one, replication)
                        .configs(deleteAfter(keep.deadLetters())));
    }

    private static Map<String, String> deleteAfter(Duration age) {
        return Map.of(
                TopicConfig.CLEANUP_POLICY_CONFIG,
                "delete",
                TopicConfig.RETENTION_MS_CONFIG,
                millis(age));
    }

    private static String millis(Duration duration) {
        return String.valueOf(duration.toMillis());
    }
}
