package dev.longshore.kafka;

import dev.longshore.kafka.TopicFinding.Verdict;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;

/**
 * Compares the topics with what a node would create, changing nothing. For a command line: every
 * call blocks.
 */
public final class TopicSurvey {
    /** The biggest record that a node writes. */
    private static final long LARGEST_RECORD = 1L << 20;

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

    private final KafkaSettings settings;

    /** Prepares; talks to nobody yet. */
    public TopicSurvey(KafkaSettings settings) {
        this.settings = settings;
    }

    /**
     * Looks at all seven.
     *
     * @throws IOException if the brokers do not answer within ten seconds, or refuse
     */
    public List<TopicFinding> examine() throws IOException, InterruptedException {
        Admin admin = Admin.create(ClientProperties.admin(settings, "survey"));
        try {
            List<NewTopic> wanted = WantedTopics.of(settings);
            Set<String> there = answer(admin.listTopics().names());
            List<String> known =
                    wanted.stream().map(NewTopic::name).filter(there::contains).toList();
            Map<String, TopicDescription> shapes =
                    answer(admin.describeTopics(known).allTopicNames());
            Map<ConfigResource, Config> configs =
                    answer(admin.describeConfigs(resources(known)).all());
            int brokers = answer(admin.describeCluster().nodes()).size();
            List<TopicFinding> findings = new ArrayList<>();
            for (NewTopic topic : wanted) {
                TopicDescription shape = shapes.get(topic.name());
                Config config = configs.get(resource(topic.name()));
                findings.add(
                        shape == null || config == null
                                ? missing(topic)
                                : compare(topic, shape, config, brokers));
            }
            return findings;
        } finally {
            admin.close(CLOSE_TIMEOUT);
        }
    }

    private static TopicFinding missing(NewTopic topic) {
        String copies =
                topic.replicationFactor() < 1
                        ? "the broker's number of copies"
                        : topic.replicationFactor() + " copies";
        return new TopicFinding(
                topic.name(),
                Verdict.MISSING,
                "to be created: "
                        + topic.numPartitions()
                        + " partitions, "
                        + copies
                        + ", "
                        + topic.configs().entrySet().stream()
                                .sorted(Map.Entry.comparingByKey())
                                .map(Object::toString)
                                .collect(Collectors.joining(", ")));
    }

    private TopicFinding compare(
            NewTopic wanted, TopicDescription shape, Config config, int brokers) {
        List<String> wrong = new ArrayList<>();
        List<String> differs = new ArrayList<>();
        int partitions = shape.partitions().size();
        int copies = shape.partitions().getFirst().replicas().size();
        policy(wanted, config, wrong);
        for (String age :
                List.of(
                        TopicConfig.RETENTION_MS_CONFIG,
                        TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG)) {
            age(age, wanted, config, differs);
        }
        if (partitions < wanted.numPartitions()) {
            differs.add(partitions + " partitions, not " + wanted.numPartitions());
        }
        if (copies < Math.max(wanted.replicationFactor(), brokers > 1 ? 2 : 1)) {
            differs.add("copies of each record: " + copies + "; brokers: " + brokers);
        }
        long largest = number(config, TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
        if (largest < LARGEST_RECORD) {
            differs.add(
                    "records up to "
                            + largest
                            + " bytes, less than "
                            + LARGEST_RECORD
                            + ": long results are cut short");
        }
        if (!wrong.isEmpty()) {
            wrong.addAll(differs);
            return new TopicFinding(wanted.name(), Verdict.WRONG, String.join("; ", wrong));
        }
        return differs.isEmpty()
                ? new TopicFinding(
                        wanted.name(),
                        Verdict.OK,
                        partitions
                                + " partitions, copies: "
                                + copies
                                + ", "
                                + value(config, TopicConfig.CLEANUP_POLICY_CONFIG))
                : new TopicFinding(wanted.name(), Verdict.DIFFERS, String.join("; ", differs));
    }

    /** What is deleted by age must not be compacted, and what is kept must not be deleted. */
    private void policy(NewTopic wanted, Config config, List<String> wrong) {
        Set<String> is = policies(value(config, TopicConfig.CLEANUP_POLICY_CONFIG));
        String should = wanted.configs().getOrDefault(TopicConfig.CLEANUP_POLICY_CONFIG, "delete");
        boolean results = wanted.name().equals(settings.topics().results());
        if (results || is.equals(policies(should))) {
            return;
        }
        String harm =
                policies(should).contains("compact")
                        ? "what it says of old executions would be forgotten, and one could run"
                                + " again"
                        : "of records with one key only the last would be kept";
        wrong.add("cleanup.policy is " + String.join(",", is) + ", not " + should + ": " + harm);
    }

    private static void age(String name, NewTopic wanted, Config config, List<String> differs) {
        String should = wanted.configs().get(name);
        if (should == null) {
            return;
        }
        long is = number(config, name);
        if (is >= 0 && is < Long.parseLong(should)) {
            differs.add(
                    name
                            + " is "
                            + Duration.ofMillis(is)
                            + ", shorter than "
                            + Duration.ofMillis(Long.parseLong(should)));
        }
    }

    private static Set<String> policies(String list) {
        return Arrays.stream(list.split(","))
                .map(String::strip)
                .filter(one -> !one.isEmpty())
                .collect(Collectors.toSet());
    }

    private static long number(Config config, String name) {
        return Long.parseLong(value(config, name));
    }

    private static String value(Config config, String name) {
        return config.get(name).value();
    }

    private static Collection<ConfigResource> resources(List<String> topics) {
        return topics.stream().map(TopicSurvey::resource).toList();
    }

    private static ConfigResource resource(String topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic);
    }

    private static <T> T answer(KafkaFuture<T> future) throws IOException, InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new IOException(e.getCause() == null ? e : e.getCause());
        }
    }
}
