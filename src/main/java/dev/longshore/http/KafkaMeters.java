package dev.longshore.http;

import dev.longshore.job.NodeId;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.regex.Pattern;

import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * What the Kafka clients of this node count themselves, by the role in their client id. They tell
 * it by JMX, so that nobody has to hand clients around. Any thread.
 */
final class KafkaMeters {
    private static final List<String> WRITERS =
            List.of("events", "lines", "finales", "submit", "dead-letters");
    private static final List<String> READERS = List.of("jobs", "control", "events", "log-tail");
    private static final Pattern NUMBER = Pattern.compile("[0-9]+");
    private static final String PRODUCER = "kafka.producer:type=producer-metrics,client-id=*";
    private static final String CONSUMER =
            "kafka.consumer:type=consumer-fetch-manager-metrics,client-id=*";

    private final MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
    private final NodeId self;

    KafkaMeters(NodeId self) {
        this.self = self;
    }

    void bindTo(MeterRegistry registry) {
        for (String role : WRITERS) {
            counter(registry, "records.sent", role, PRODUCER, "record-send-total");
            counter(registry, "bytes.sent", role, PRODUCER, "outgoing-byte-total");
            counter(registry, "send.errors", role, PRODUCER, "record-error-total");
            Gauge.builder(
                            "longshore.kafka.buffered.bytes",
                            () ->
                                    read(PRODUCER, role, "buffer-total-bytes", Double::sum)
                                            - read(
                                                    PRODUCER,
                                                    role,
                                                    "buffer-available-bytes",
                                                    Double::sum))
                    .description("Bytes that wait to be written")
                    .tag("role", role)
                    .register(registry);
        }
        for (String role : READERS) {
            counter(registry, "records.read", role, CONSUMER, "records-consumed-total");
            Gauge.builder(
                            "longshore.kafka.lag.records",
                            () -> read(CONSUMER, role, "records-lag-max", Math::max))
                    .description("Records that the reader is behind, of its worst partition")
                    .tag("role", role)
                    .register(registry);
        }
    }

    private void counter(
            MeterRegistry registry, String name, String role, String bean, String attribute) {
        FunctionCounter.builder(
                        "longshore.kafka." + name,
                        this,
                        from -> from.read(bean, role, attribute, Double::sum))
                .description("What the Kafka clients of this role count as " + attribute)
                .tag("role", role)
                .register(registry);
    }

    private double read(
            String pattern, String role, String attribute, DoubleBinaryOperator together) {
        double all = 0;
        try {
            for (ObjectName name : beans.queryNames(new ObjectName(pattern), null)) {
                if (isOurs(name.getKeyProperty("client-id"), role)
                        && beans.getAttribute(name, attribute) instanceof Number number
                        && !Double.isNaN(number.doubleValue())) {
                    all = together.applyAsDouble(all, number.doubleValue());
                }
            }
        } catch (JMException closedMeanwhile) {
            return all;
        }
        return all;
    }

    private boolean isOurs(String clientId, String role) {
        String start = "longshore-" + self + "-" + role + "-";
        return clientId.startsWith(start)
                && NUMBER.matcher(clientId.substring(start.length())).matches();
    }
}
