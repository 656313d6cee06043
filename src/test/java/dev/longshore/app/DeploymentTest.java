package dev.longshore.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;

import dev.longshore.app.SettingsReader.Sources;
import dev.longshore.kafka.KafkaSettings;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The compose file and the image's Dockerfile agree with the code, the build and each other. */
class DeploymentTest {
    private static final Path DOCKER = Path.of("src", "main", "docker");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z_]+):-([^}]*)}");

    private static JsonNode compose = new ObjectMapper().createObjectNode();
    private static List<String> dockerfile = List.of();

    @BeforeAll
    static void read_the_files() throws Exception {
        Object tree = new Yaml().load(Files.readString(Path.of("docker-compose.yml")));
        compose = new ObjectMapper().valueToTree(tree);
        dockerfile =
                Files.readString(DOCKER.resolve("Dockerfile"))
                        .replace("\\\n", " ")
                        .lines()
                        .filter(line -> !line.startsWith("#"))
                        .toList();
    }

    @Test
    void the_compose_file_is_valid_by_the_compose_specification() throws Exception {
        try (InputStream schema = getClass().getResourceAsStream("/compose/compose-spec.json")) {
            ObjectNode rules = (ObjectNode) new ObjectMapper().readTree(schema);
            rules.remove("$id"); // a file name, which the validator does not take for an id
            var errors =
                    SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
                            .getSchema(rules)
                            .validate(compose);
            assertThat(errors).isEmpty();
        }
    }

    @Test
    void what_depends_on_a_service_waits_for_one_that_can_become_healthy() {
        for (String node : nodes()) {
            JsonNode dependency = service(node).path("depends_on").path("kafka");
            assertThat(dependency.path("condition").asText()).isEqualTo("service_healthy");
        }
        assertThat(service("kafka").path("healthcheck").path("test").isArray()).isTrue();
    }

    @Test
    void a_node_that_runs_out_of_memory_ends_at_once() throws Exception {
        assertThat(Files.readString(Path.of("longshore")))
                .containsPattern("server_flags=\\([^)]*-XX:\\+ExitOnOutOfMemoryError");
    }

    @Test
    void every_service_comes_back_and_every_named_volume_is_declared() {
        for (Map.Entry<String, JsonNode> service : compose.path("services").properties()) {
            assertThat(service.getValue().path("restart").asText())
                    .as(service.getKey())
                    .isEqualTo("unless-stopped");
            for (JsonNode volume : service.getValue().path("volumes")) {
                if (volume.isTextual()) {
                    String name = volume.asText().substring(0, volume.asText().indexOf(':'));
                    assertThat(compose.path("volumes").has(name)).as(name).isTrue();
                }
            }
        }
    }

    @Test
    void ports_are_published_on_this_machine_alone_and_none_twice() {
        List<String> published = new ArrayList<>();
        for (JsonNode service : compose.path("services")) {
            for (JsonNode port : service.path("ports")) {
                assertThat(port.asText()).matches("127\\.0\\.0\\.1:[0-9]+:[0-9]+");
                published.add(port.asText().split(":", -1)[1]);
            }
        }
        assertThat(published).hasSize(3).doesNotHaveDuplicates();
    }

    @Test
    void the_settings_of_each_node_are_known_and_make_a_node() {
        Set<String> ids = new LinkedHashSet<>();
        for (String node : nodes()) {
            Settings settings = settings(node);
            ids.add(settings.node().id().value());
            assertThat(settings.http().host()).isEqualTo("0.0.0.0");
            assertThat(settings.node().url())
                    .isEqualTo("http://" + node + ":" + settings.http().port());
            assertThat(settings.http().allowedHosts()).contains(node);
            assertThat(service(node).path("ports").path(0).asText())
                    .endsWith(":" + settings.http().port());
        }
        assertThat(ids).hasSameSizeAs(nodes()).hasSizeGreaterThan(1);
    }

    @Test
    void the_nodes_share_brokers_group_and_topics() {
        List<KafkaSettings> kafka = nodes().stream().map(node -> settings(node).kafka()).toList();
        KafkaSettings first = kafka.getFirst();
        assertThat(kafka)
                .allSatisfy(one -> assertThat(one.withNode(first.nodeId())).isEqualTo(first));
    }

    @Test
    void kafka_is_reached_at_the_doors_it_advertises() {
        Map<String, String> kafka = environment("kafka");
        Map<String, String> advertised = listeners(kafka, "KAFKA_ADVERTISED_LISTENERS");
        Map<String, String> listening = listeners(kafka, "KAFKA_LISTENERS");

        assertThat(advertised)
                .containsOnly(
                        entry("INTERNAL", settings(nodes().getFirst()).kafka().bootstrapServers()),
                        entry("HOST", "127.0.0.1:9092"));
        assertThat(listening.get("INTERNAL")).isEqualTo(":19092");
        assertThat(service("kafka").path("ports").path(0).asText())
                .isEqualTo(advertised.get("HOST") + listening.get("HOST"));
        assertThat(kafka.get("KAFKA_CONTROLLER_QUORUM_VOTERS"))
                .isEqualTo("1@kafka" + listening.get("CONTROLLER"));
        assertThat(kafka.get("KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"))
                .isEqualTo(
                        String.join(
                                ",",
                                listening.keySet().stream()
                                        .map(name -> name + ":PLAINTEXT")
                                        .toList()));
        assertThat(kafka.get("KAFKA_LOG_DIRS"))
                .isEqualTo(service("kafka").path("volumes").path(0).asText().split(":", -1)[1]);
        assertThat(Base64.getUrlDecoder().decode(kafka.get("CLUSTER_ID"))).hasSize(16);
    }

    @Test
    void the_engines_socket_is_mounted_with_a_warning() throws Exception {
        String socket = "/var/run/docker.sock";
        for (String node : nodes()) {
            JsonNode mount = service(node).path("volumes").path(0);
            assertThat(mount.path("source").asText()).isEqualTo(socket);
            assertThat("unix://" + mount.path("target").asText())
                    .isEqualTo(settings(node).docker().host().toString());
            assertThat(service(node).path("group_add")).isNotEmpty();
        }
        assertThat(Files.readString(Path.of("docker-compose.yml")))
                .contains("WARNING", "root on this host");
    }

    @Test
    void the_image_is_built_from_what_the_build_makes() throws Exception {
        assertThat(service(nodes().getFirst()).path("build").path("dockerfile").asText())
                .isEqualTo("src/main/docker/Dockerfile");
        String pom = Files.readString(Path.of("pom.xml"));
        assertThat(pom)
                .contains(
                        "<finalName>longshore</finalName>",
                        "<classpathPrefix>lib/</classpathPrefix>");
        List<String> made = List.of("target/longshore.jar", "target/lib/");
        List<String> ignored = Files.readAllLines(DOCKER.resolve("Dockerfile.dockerignore"));

        List<String> sources = copied();
        assertThat(sources).containsAll(made);
        for (String source : sources) {
            assertThat(made.contains(source) || Files.exists(Path.of(source))).as(source).isTrue();
            assertThat(ignored).contains("!" + source.replaceAll("/$", ""));
        }
    }

    @Test
    void the_image_runs_a_node_as_an_ordinary_user() {
        assertThat(instructions("USER")).containsExactly("10001:10001");
        assertThat(instructions("CMD")).containsExactly("[\"serve\"]");
        assertThat(instructions("ENTRYPOINT").getFirst())
                .contains("exec java", "-jar target/longshore.jar");
        assertThat(instructions("FROM").getFirst()).isEqualTo("eclipse-temurin:25-jre");
        assertThat(instructions("HEALTHCHECK").getFirst())
                .endsWith("[\"bash\", \"/opt/longshore/alive\"]");
    }

    private static List<String> copied() {
        List<String> sources = new ArrayList<>();
        for (String copy : instructions("COPY")) {
            List<String> words =
                    Stream.of(copy.split(" +", -1)).filter(word -> !word.startsWith("--")).toList();
            sources.addAll(words.subList(0, words.size() - 1));
        }
        return sources;
    }

    private static List<String> instructions(String name) {
        return dockerfile.stream()
                .filter(line -> line.startsWith(name + " "))
                .map(line -> line.substring(name.length() + 1).strip())
                .toList();
    }

    private static List<String> nodes() {
        return compose.path("services").properties().stream()
                .map(Map.Entry::getKey)
                .filter(name -> name.startsWith("node-"))
                .toList();
    }

    private static JsonNode service(String name) {
        return compose.path("services").path(name);
    }

    /**
     * As the node reads them: from the environment that compose gives it, above the shipped file.
     */
    private static Settings settings(String node) {
        Path shipped = Path.of("conf", "longshore.yaml");
        return SettingsReader.read(new Sources(shipped, environment(node), Map.of()));
    }

    private static Map<String, String> environment(String service) {
        Map<String, String> environment = new HashMap<>();
        for (Map.Entry<String, JsonNode> one : service(service).path("environment").properties()) {
            Matcher variable = VARIABLE.matcher(one.getValue().asText());
            environment.put(one.getKey(), variable.replaceAll("$2"));
        }
        return environment;
    }

    private static Map<String, String> listeners(Map<String, String> environment, String name) {
        Map<String, String> listeners = new LinkedHashMap<>();
        for (String listener : Objects.requireNonNull(environment.get(name)).split(",", -1)) {
            String[] parts = listener.split("://", -1);
            listeners.put(parts[0], parts[1]);
        }
        return listeners;
    }
}
