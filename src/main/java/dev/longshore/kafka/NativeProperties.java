package dev.longshore.kafka;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Kafka's own client properties, passed on untouched: addresses of security stores, SASL, buffer
 * sizes. What our promises rest on is not the operator's to set and is refused by name.
 *
 * @param common for every client
 * @param consumer for consumers, wins over common
 * @param producer for producers, wins over common
 * @param admin for the admin client, wins over common
 */
public record NativeProperties(
        Map<String, String> common,
        Map<String, String> consumer,
        Map<String, String> producer,
        Map<String, String> admin) {
    private static final Set<String> OURS =
            Set.of(
                    "bootstrap.servers",
                    "enable.auto.commit",
                    "auto.offset.reset",
                    "key.deserializer",
                    "value.deserializer",
                    "key.serializer",
                    "value.serializer",
                    "isolation.level",
                    "group.id",
                    "group.instance.id",
                    "acks",
                    "delivery.timeout.ms",
                    "enable.idempotence",
                    "retries",
                    "transactional.id",
                    "partitioner.class",
                    "partitioner.ignore.keys");

    /** Copies the maps; refuses the properties that must be ours, all of them together. */
    public NativeProperties {
        common = Map.copyOf(common);
        consumer = Map.copyOf(consumer);
        producer = Map.copyOf(producer);
        admin = Map.copyOf(admin);
        Set<String> refused = new TreeSet<>();
        refuse(common, "kafka.common.", refused);
        refuse(consumer, "kafka.consumer.", refused);
        refuse(producer, "kafka.producer.", refused);
        refuse(admin, "kafka.admin.", refused);
        if (!refused.isEmpty()) {
            throw new IllegalArgumentException(
                    "not to be set, since delivery depends on it: " + String.join(", ", refused));
        }
    }

    /** Nothing beyond Longshore's own choices. */
    public static NativeProperties none() {
        return new NativeProperties(Map.of(), Map.of(), Map.of(), Map.of());
    }

    /** Leaves the values out: they may be secrets. */
    @Override
    public String toString() {
        return "NativeProperties[common="
                + common.keySet()
                + ", consumer="
                + consumer.keySet()
                + ", producer="
                + producer.keySet()
                + ", admin="
                + admin.keySet()
                + "]";
    }

    private static void refuse(Map<String, String> given, String prefix, Set<String> refused) {
        for (String name : given.keySet()) {
            if (OURS.contains(name)) {
                refused.add(prefix + name);
            }
        }
    }
}
