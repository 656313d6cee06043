package dev.longshore.kafka;

import dev.longshore.job.NodeId;

import java.util.Objects;

/**
 * What this package needs to know. Plain values, for any thread.
 *
 * @param bootstrapServers where the brokers are, {@code host:port} separated by commas
 * @param nodeId this node; also its name as a static member of the group and the name of its
 *     transactions, so that a second process with the same id is noticed
 * @param topics the names of the topics
 * @param group the consumer group that shares the commands, {@code longshore-nodes}
 * @param partitions partitions of {@code jobs}, {@code status}, {@code results} and {@code logs}
 *     where they are created here, 12: the most nodes that can share the work. {@code control},
 *     {@code nodes} and {@code dead-letters} have one
 * @param replication copies of each topic that is created here, -1 for the broker's default
 * @param retention how long topics that are created here keep what they have
 * @param natives Kafka's own client properties
 */
public record KafkaSettings(
        String bootstrapServers,
        NodeId nodeId,
        Topics topics,
        String group,
        int partitions,
        short replication,
        Retention retention,
        NativeProperties natives) {
    /** The group where nothing else is set. */
    public static final String DEFAULT_GROUP = "longshore-nodes";

    /** Partitions where nothing else is set. */
    public static final int DEFAULT_PARTITIONS = 12;

    /** Leaves the number of copies to the broker. */
    public static final short BROKER_DEFAULT = -1;

    /** Refuses nulls by name and impossible numbers. */
    public KafkaSettings {
        Objects.requireNonNull(bootstrapServers, "bootstrapServers");
        Objects.requireNonNull(nodeId, "nodeId");
        Objects.requireNonNull(topics, "topics");
        Objects.requireNonNull(group, "group");
        Objects.requireNonNull(retention, "retention");
        Objects.requireNonNull(natives, "natives");
        if (bootstrapServers.isBlank()) {
            throw new IllegalArgumentException("bootstrapServers must not be empty");
        }
        if (group.isBlank()) {
            throw new IllegalArgumentException("group must not be empty");
        }
        if (partitions < 1) {
            throw new IllegalArgumentException("partitions must be at least 1, was " + partitions);
        }
        if (replication < 1 && replication != BROKER_DEFAULT) {
            throw new IllegalArgumentException(
                    "replication must be at least 1, or -1, was " + replication);
        }
    }

    /** The defaults against these brokers, as this node. */
    public static KafkaSettings defaults(String bootstrapServers, NodeId nodeId) {
        return new KafkaSettings(
                bootstrapServers,
                nodeId,
                Topics.withPrefix(Topics.DEFAULT_PREFIX),
                DEFAULT_GROUP,
                DEFAULT_PARTITIONS,
                BROKER_DEFAULT,
                Retention.defaults(),
                NativeProperties.none());
    }

    /** The same with other topics. */
    public KafkaSettings withTopics(Topics others) {
        return new KafkaSettings(
                bootstrapServers,
                nodeId,
                others,
                group,
                partitions,
                replication,
                retention,
                natives);
    }

    /** The same with another group. */
    public KafkaSettings withGroup(String other) {
        return new KafkaSettings(
                bootstrapServers,
                nodeId,
                topics,
                other,
                partitions,
                replication,
                retention,
                natives);
    }

    /** The same with another number of partitions. */
    public KafkaSettings withPartitions(int other) {
        return new KafkaSettings(
                bootstrapServers, nodeId, topics, group, other, replication, retention, natives);
    }

    /** The same as another node. */
    public KafkaSettings withNode(NodeId other) {
        return new KafkaSettings(
                bootstrapServers,
                other,
                topics,
                group,
                partitions,
                replication,
                retention,
                natives);
    }
}
