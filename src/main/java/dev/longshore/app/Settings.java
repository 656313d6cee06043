package dev.longshore.app;

import dev.longshore.board.BoardSettings;
import dev.longshore.docker.DockerSettings;
import dev.longshore.executor.ExecutorSettings;
import dev.longshore.http.HttpSettings;
import dev.longshore.job.NodeId;
import dev.longshore.kafka.KafkaSettings;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * All that can be set about a node, one record for each part. Made by {@link SettingsReader}; plain
 * values, for any thread.
 *
 * @param node what the node says of itself
 * @param kafka brokers and topics
 * @param docker the engine
 * @param executor how executions are run
 * @param board how much is kept to be looked up
 * @param http the HTTP side
 * @param effective every setting with where it was given, secrets masked
 */
public record Settings(
        NodeFacts node,
        KafkaSettings kafka,
        DockerSettings docker,
        ExecutorSettings executor,
        BoardSettings board,
        HttpSettings http,
        List<Effective> effective) {
    /** Refuses nulls by name and copies. */
    public Settings {
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(kafka, "kafka");
        Objects.requireNonNull(docker, "docker");
        Objects.requireNonNull(executor, "executor");
        Objects.requireNonNull(board, "board");
        Objects.requireNonNull(http, "http");
        effective = List.copyOf(effective);
    }

    /**
     * A line for each setting, {@code key = value (where it was given)}, in the order of the
     * manual; secrets as {@code ***}.
     */
    public String describe() {
        return effective.stream()
                .map(one -> one.key() + " = " + one.value() + "  (" + one.origin() + ")")
                .collect(Collectors.joining("\n"));
    }

    /**
     * What a node says of itself.
     *
     * @param id its name
     * @param version the version of Longshore, {@code dev} where the classes are in no jar
     * @param url where others reach its HTTP side, or null where that is not known: the port is a
     *     free one, or it listens on every address and no public URL is set
     * @param labels the operator's labels
     * @param lostAfter how long another node has to be silent before what it was running is settled
     *     without it; zero for never
     */
    public record NodeFacts(
            NodeId id,
            String version,
            @Nullable String url,
            Map<String, String> labels,
            Duration lostAfter) {
        /** Refuses nulls by name and copies. */
        public NodeFacts {
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(version, "version");
            labels = Map.copyOf(labels);
            Objects.requireNonNull(lostAfter, "lostAfter");
        }
    }
}
