package dev.longshore.app;

import dev.longshore.app.Settings.NodeFacts;
import dev.longshore.board.BoardSettings;
import dev.longshore.docker.DockerSettings;
import dev.longshore.http.AccessTokens;
import dev.longshore.http.HttpSettings;
import dev.longshore.job.NodeId;
import dev.longshore.kafka.KafkaSettings;
import dev.longshore.kafka.NativeProperties;
import dev.longshore.kafka.Retention;
import dev.longshore.kafka.Topics;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Fills the parts' settings records from the values. What is wrong only in combination is noted
 * with the values. Of one thread.
 */
final class SettingsAssembly {
    private final Values values;
    private final Map<String, String> environment;

    SettingsAssembly(Values values, Map<String, String> environment) {
        this.values = values;
        this.environment = environment;
    }

    Settings assemble() {
        settleTopics();
        refuseStrangers();
        Map<String, String> labels = values.find(Keys.NODE_LABELS);
        NodeFacts node =
                new NodeFacts(
                        values.get(Keys.NODE_ID),
                        HostFacts.version(),
                        url(),
                        labels == null ? Map.of() : labels,
                        values.get(Keys.NODE_LOST_AFTER));
        KafkaSettings kafka = kafka(node.id());
        DockerSettings docker = docker();
        return new Settings(
                node,
                kafka,
                docker,
                new ExecutorAssembly(values).assemble(node, kafka.topics().logs(), docker),
                board(),
                http(),
                values.effective());
    }

    private void settleTopics() {
        String prefix = values.get(Keys.TOPICS_PREFIX);
        for (Key<String> topic :
                List.of(
                        Keys.TOPICS_JOBS,
                        Keys.TOPICS_CONTROL,
                        Keys.TOPICS_STATUS,
                        Keys.TOPICS_RESULTS,
                        Keys.TOPICS_LOGS,
                        Keys.TOPICS_NODES,
                        Keys.TOPICS_DEAD_LETTERS)) {
            String role = topic.name().substring("topics.".length());
            values.settle(topic, prefix + "." + role, "topics.prefix");
        }
    }

    private void refuseStrangers() {
        if (!values.get(Keys.HTTP_ALLOW_ANONYMOUS)
                && values.find(Keys.HTTP_TOKENS_FILE) == null
                && !isLoopback(values.get(Keys.HTTP_HOST))) {
            values.problem(
                    Keys.HTTP_HOST,
                    "is open to other machines, and whoever reaches it can run containers on this"
                            + " engine. Set http.tokens-file, or take 127.0.0.1, or say"
                            + " http.allow-anonymous: true where something else keeps strangers"
                            + " out");
        }
    }

    /** By file, since the environment of a process can be read by too many. */
    private AccessTokens tokens() {
        Path file = values.find(Keys.HTTP_TOKENS_FILE);
        if (file == null) {
            return AccessTokens.none();
        }
        try {
            return AccessTokens.read(Files.readAllLines(file));
        } catch (IOException e) {
            values.problem(
                    Keys.HTTP_TOKENS_FILE, "cannot be read: " + e.getClass().getSimpleName());
        } catch (IllegalArgumentException e) {
            values.problem(Keys.HTTP_TOKENS_FILE, "is no tokens file: " + e.getMessage());
        }
        return AccessTokens.none();
    }

    private KafkaSettings kafka(NodeId node) {
        NativeProperties natives =
                new NativeProperties(
                        values.natives(Keys.KAFKA),
                        values.natives("kafka.consumer."),
                        values.natives("kafka.producer."),
                        values.natives("kafka.admin."));
        return new KafkaSettings(
                values.get(Keys.KAFKA_BOOTSTRAP_SERVERS),
                node,
                topics(),
                values.get(Keys.GROUP),
                values.get(Keys.TOPICS_PARTITIONS),
                values.get(Keys.TOPICS_REPLICATION).shortValue(),
                retention(),
                natives);
    }

    private Topics topics() {
        return values.together(
                "topics",
                () ->
                        new Topics(
                                name(Keys.TOPICS_JOBS),
                                name(Keys.TOPICS_CONTROL),
                                name(Keys.TOPICS_STATUS),
                                name(Keys.TOPICS_RESULTS),
                                name(Keys.TOPICS_LOGS),
                                name(Keys.TOPICS_NODES),
                                name(Keys.TOPICS_DEAD_LETTERS)),
                Topics.withPrefix(Topics.DEFAULT_PREFIX));
    }

    /** Without a name only where prefix and role together are too long, which is noted already. */
    private String name(Key<String> topic) {
        String name = values.find(topic);
        return name == null ? topic.name() : name;
    }

    private Retention retention() {
        return new Retention(
                values.get(Keys.RETENTION_JOBS),
                values.get(Keys.RETENTION_CONTROL),
                values.get(Keys.RETENTION_STATUS),
                values.get(Keys.RETENTION_RESULTS),
                values.get(Keys.RETENTION_LOGS),
                values.get(Keys.RETENTION_DEAD_LETTERS));
    }

    private DockerSettings docker() {
        DockerSettings settings =
                new DockerSettings(
                        values.get(Keys.DOCKER_HOST),
                        values.get(Keys.DOCKER_CALL_DEADLINE),
                        values.get(Keys.DOCKER_START_DEADLINE),
                        values.get(Keys.DOCKER_PULL_SILENCE),
                        values.get(Keys.DOCKER_CALL_THREADS),
                        values.get(Keys.DOCKER_STOP_THREADS),
                        DockerSettings.defaults().maxApiVersion());
        return settings.withRuntime(values.find(Keys.DOCKER_RUNTIME))
                .withCredentials(Credentials.read(values, environment));
    }

    private BoardSettings board() {
        return new BoardSettings(
                values.get(Keys.BOARD_MAX_EXECUTIONS),
                values.get(Keys.BOARD_MAX_HISTORY),
                values.get(Keys.BOARD_MAX_TAIL_QUEUE),
                values.get(Keys.BOARD_MAX_TAILS));
    }

    private HttpSettings http() {
        return new HttpSettings(
                values.get(Keys.HTTP_HOST),
                values.get(Keys.HTTP_PORT),
                allowed(Keys.HTTP_ALLOWED_HOSTS, publicHost()),
                allowed(Keys.HTTP_ALLOWED_ORIGINS, publicOrigin()),
                values.get(Keys.HTTP_MAX_BODY_SIZE),
                values.get(Keys.HTTP_MAX_WAIT),
                values.get(Keys.HTTP_PING_INTERVAL),
                values.get(Keys.HTTP_STALL_TIMEOUT),
                values.get(Keys.HTTP_MAX_STREAMS_PER_ADDRESS),
                tokens());
    }

    private Set<String> allowed(Key<List<String>> key, @Nullable String ownName) {
        Set<String> allowed = new HashSet<>();
        List<String> given = values.find(key);
        if (given != null) {
            allowed.addAll(given);
        }
        if (ownName != null) {
            allowed.add(ownName);
        }
        return allowed;
    }

    private @Nullable String publicHost() {
        String url = values.find(Keys.HTTP_PUBLIC_URL);
        return url == null ? null : URI.create(url).getHost();
    }

    private @Nullable String publicOrigin() {
        String url = values.find(Keys.HTTP_PUBLIC_URL);
        if (url == null) {
            return null;
        }
        URI uri = URI.create(url);
        return uri.getScheme() + "://" + uri.getAuthority();
    }

    private @Nullable String url() {
        String given = values.find(Keys.HTTP_PUBLIC_URL);
        if (given != null) {
            return given;
        }
        String host = values.get(Keys.HTTP_HOST);
        int port = values.get(Keys.HTTP_PORT);
        if (port == 0 || isEveryAddress(host)) {
            return null;
        }
        return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    /** Without asking a name server: a name other than localhost may become any address later. */
    private static boolean isLoopback(String host) {
        InetAddress address = literal(host);
        return address == null ? host.equalsIgnoreCase("localhost") : address.isLoopbackAddress();
    }

    private static boolean isEveryAddress(String host) {
        InetAddress address = literal(host);
        return address != null && address.isAnyLocalAddress();
    }

    private static @Nullable InetAddress literal(String host) {
        try {
            return InetAddress.ofLiteral(host);
        } catch (IllegalArgumentException aName) {
            return null;
        }
    }
}
