package dev.longshore.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.kafka.TopicFinding.Verdict;
import dev.longshore.testing.TestBroker;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

class TopicSurveyIT {
    private final KafkaSettings settings = TestBroker.settings();
    private final Topics topics = settings.topics();

    private Map<String, TopicFinding> findings() throws Exception {
        return new TopicSurvey(settings)
                .examine().stream()
                        .collect(Collectors.toMap(TopicFinding::topic, Function.identity()));
    }

    private TopicFinding found(String topic) throws Exception {
        return Objects.requireNonNull(findings().get(topic), topic);
    }

    private void create(String name, int partitions, Map<String, String> configs) throws Exception {
        try (Admin admin =
                Admin.create(
                        Map.<String, Object>of("bootstrap.servers", settings.bootstrapServers()))) {
            admin.createTopics(
                            List.of(
                                    new NewTopic(name, Optional.of(partitions), Optional.empty())
                                            .configs(configs)))
                    .all()
                    .get();
        }
    }

    @Test
    void what_a_node_created_is_well() throws Exception {
        try (KafkaFixture kafka = new KafkaFixture(settings)) {
            assertThat(findings()).hasSize(7);
            assertThat(findings().values())
                    .allSatisfy(
                            one ->
                                    assertThat(one.verdict())
                                            .as(kafka.topics + ": " + one)
                                            .isEqualTo(Verdict.OK));
        }
    }

    @Test
    void what_is_not_there_is_planned_and_nothing_is_created() throws Exception {
        assertThat(findings().values())
                .allSatisfy(one -> assertThat(one.verdict()).isEqualTo(Verdict.MISSING));
        assertThat(found(topics.status()).detail())
                .contains("cleanup.policy=compact", settings.partitions() + " partitions");
        assertThat(findings().values())
                .as("looking twice creates nothing")
                .allSatisfy(one -> assertThat(one.verdict()).isEqualTo(Verdict.MISSING));
    }

    @Test
    void what_breaks_a_promise_is_told_from_what_only_differs() throws Exception {
        create(topics.status(), settings.partitions(), Map.of("cleanup.policy", "delete"));
        create(topics.logs(), settings.partitions(), Map.of("cleanup.policy", "compact"));
        create(topics.jobs(), settings.partitions(), Map.of("retention.ms", "60000"));
        create(topics.control(), 1, Map.of("max.message.bytes", "1000"));
        assertThat(found(topics.status()))
                .satisfies(one -> assertThat(one.verdict()).isEqualTo(Verdict.WRONG))
                .satisfies(one -> assertThat(one.detail()).contains("could run again"));
        assertThat(found(topics.logs()))
                .satisfies(one -> assertThat(one.verdict()).isEqualTo(Verdict.WRONG))
                .satisfies(one -> assertThat(one.detail()).contains("only the last"));
        assertThat(found(topics.jobs()))
                .satisfies(one -> assertThat(one.verdict()).isEqualTo(Verdict.DIFFERS))
                .satisfies(one -> assertThat(one.detail()).contains("PT1M, shorter than PT168H"));
        assertThat(found(topics.control()).detail()).contains("records up to 1000 bytes");
    }

    @Test
    void a_broker_that_is_not_there_is_said_within_its_deadline() {
        KafkaSettings nowhere = KafkaSettings.defaults("127.0.0.1:1", settings.nodeId());
        assertThatThrownBy(() -> new TopicSurvey(nowhere).examine())
                .isInstanceOf(IOException.class);
    }
}
