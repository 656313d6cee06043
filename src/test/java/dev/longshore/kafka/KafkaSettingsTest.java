package dev.longshore.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.longshore.job.NodeId;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Map;

class KafkaSettingsTest {
    private static final KafkaSettings DEFAULTS =
            KafkaSettings.defaults("127.0.0.1:9092", new NodeId("node-1"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "enable.auto.commit",
                "isolation.level",
                "acks",
                "transactional.id",
                "group.id",
                "group.instance.id",
                "key.deserializer",
                "value.serializer",
                "delivery.timeout.ms"
            })
    void a_property_that_delivery_depends_on_is_refused_by_name(String name) {
        Map<String, String> given = Map.of(name, "x");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NativeProperties(given, Map.of(), Map.of(), Map.of()))
                .withMessageContaining("kafka.common." + name);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NativeProperties(Map.of(), given, given, Map.of()))
                .withMessageContaining("kafka.consumer." + name)
                .withMessageContaining("kafka.producer." + name);
    }

    @Test
    void native_properties_pass_through_and_win_over_our_defaults() {
        KafkaSettings settings =
                new KafkaSettings(
                        DEFAULTS.bootstrapServers(),
                        DEFAULTS.nodeId(),
                        DEFAULTS.topics(),
                        DEFAULTS.group(),
                        DEFAULTS.partitions(),
                        DEFAULTS.replication(),
                        DEFAULTS.retention(),
                        new NativeProperties(
                                Map.of("security.protocol", "SSL"),
                                Map.of("max.poll.records", "7"),
                                Map.of("linger.ms", "9"),
                                Map.of()));
        assertThat(ClientProperties.groupConsumer(settings))
                .containsEntry("security.protocol", "SSL")
                .containsEntry("max.poll.records", "7")
                .containsEntry("group.instance.id", "node-1");
        assertThat(ClientProperties.lineProducer(settings))
                .containsEntry("security.protocol", "SSL")
                .containsEntry("linger.ms", "9")
                .containsEntry("acks", "all");
    }

    @Test
    void secrets_in_native_properties_are_not_printed() {
        NativeProperties natives =
                new NativeProperties(
                        Map.of("sasl.jaas.config", "secret"), Map.of(), Map.of(), Map.of());
        assertThat(natives.toString()).contains("sasl.jaas.config").doesNotContain("secret");
    }

    @Test
    void impossible_numbers_are_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> DEFAULTS.withPartitions(0));
        assertThatIllegalArgumentException().isThrownBy(() -> DEFAULTS.withGroup(" "));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Topics("a", "a", "c", "d", "e", "f", "g"));
    }
}
