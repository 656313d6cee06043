package dev.longshore.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.longshore.app.SettingsException.Problem;
import dev.longshore.app.SettingsReader.Sources;
import dev.longshore.board.BoardSettings;
import dev.longshore.docker.DockerSettings;
import dev.longshore.executor.ExecutorSettings;
import dev.longshore.executor.MountPolicy;
import dev.longshore.executor.Policy;
import dev.longshore.http.HttpSettings;
import dev.longshore.job.NodeId;
import dev.longshore.job.Privileges.HostNamespace;
import dev.longshore.kafka.KafkaSettings;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

class SettingsReaderTest {

    @TempDir private Path folder;

    @Test
    void without_any_source_every_part_has_its_own_defaults() {
        Settings settings = read(Map.of(), Map.of("node.id", "n1"));

        NodeId node = new NodeId("n1");
        assertThat(settings.node().id()).isEqualTo(node);
        assertThat(settings.docker()).isEqualTo(DockerSettings.defaults());
        assertThat(settings.board()).isEqualTo(BoardSettings.defaults());
        assertThat(settings.http()).isEqualTo(HttpSettings.defaults());
        assertThat(settings.kafka()).isEqualTo(KafkaSettings.defaults("127.0.0.1:9092", node));
        assertThat(settings.executor())
                .usingRecursiveComparison()
                .ignoringFields("version", "url")
                .isEqualTo(ExecutorSettings.defaults(node));
        assertThat(settings.executor().url()).isEqualTo("http://127.0.0.1:8080");
    }

    @Test
    void a_node_is_lost_after_ten_minutes_never_or_not_before_three_heartbeats() {
        assertThat(lostAfter(Map.of())).isEqualTo(Duration.ofMinutes(10));
        assertThat(lostAfter(Map.of("node.lost-after", "0"))).isZero();
        assertThat(lostAfter(Map.of("node.lost-after", "30s"))).isEqualTo(Duration.ofSeconds(30));
        assertThatThrownBy(() -> lostAfter(Map.of("node.lost-after", "29s")))
                .hasMessageContaining("node.lost-after")
                .hasMessageContaining("a duration of at least 30s, such as 10m, or 0 for never");
    }

    private static Duration lostAfter(Map<String, String> flags) {
        return read(Map.of(), flags).node().lostAfter();
    }

    @Test
    void the_file_wins_over_defaults_the_environment_over_the_file_the_command_line_over_all() {
        Path file = file("http:\n  port: 1001\n  max-wait: 1m\njobs.max-running: 7\n");
        Map<String, String> environment =
                Map.of("LONGSHORE_HTTP_PORT", "1002", "LONGSHORE_JOBS_MAX_RUNNING", "8");
        Settings settings =
                SettingsReader.read(new Sources(file, environment, Map.of("http.port", "1003")));

        assertThat(settings.http().port()).isEqualTo(1003);
        assertThat(settings.executor().maxRunning()).isEqualTo(8);
        assertThat(settings.http().maxWait()).isEqualTo(Duration.ofMinutes(1));
        assertThat(origin(settings, "http.port")).isEqualTo("command line");
        assertThat(origin(settings, "jobs.max-running"))
                .isEqualTo("environment LONGSHORE_JOBS_MAX_RUNNING");
        assertThat(origin(settings, "http.max-wait")).isEqualTo(file + ":3");
        assertThat(origin(settings, "http.host")).isEqualTo("default");
    }

    @Test
    void empty_values_count_as_not_given() {
        Path file = file("http:\n  port:\nkafka:\n");
        Settings settings =
                SettingsReader.read(
                        new Sources(
                                file, Map.of("LONGSHORE_HTTP_MAX_WAIT", ""), Map.of("group", "")));
        assertThat(settings.http().port()).isEqualTo(8080);
        assertThat(settings.http().maxWait()).isEqualTo(Duration.ofMinutes(5));
        assertThat(settings.kafka().group()).isEqualTo("longshore-nodes");
    }

    @Test
    void everything_that_is_wrong_is_reported_at_once_with_value_rule_place_and_advice() {
        Path file =
                file(
                        """
                        http:
                          port: 99999
                          prot: 1
                        jobs:
                          maxRunning: 3
                          run-timeout: 5 minutes
                        group: {}
                        kafka:
                          acks: 1
                          consumer.group.id: mine
                        """);
        List<Problem> problems =
                problems(
                        new Sources(
                                file,
                                Map.of("LONGSHORE_JOBS_MAX_RUNING", "3"),
                                Map.of("http.host", "0.0.0.0", "docker.host", "ssh://there")));

        assertThat(problems.stream().map(Problem::toString))
                .containsExactlyInAnyOrder(
                        "http.port = \"99999\" ("
                                + file
                                + ":2): must be a whole number, from 0 to 65535",
                        "http.prot = \"1\" ("
                                + file
                                + ":3): there is no such setting; did you mean http.port?",
                        "jobs.maxRunning = \"3\" ("
                                + file
                                + ":5): there is no such setting; did you mean jobs.max-running?",
                        "jobs.run-timeout = \"5 minutes\" ("
                                + file
                                + ":6): must be a duration from 1ms to 366 days, such as 500ms,"
                                + " 10s, 5m, 1h30m or P7D",
                        "kafka.acks = \"1\" ("
                                + file
                                + ":9): cannot be set, since delivery depends on it",
                        "kafka.consumer.group.id = \"mine\" ("
                                + file
                                + ":10): cannot be set, since delivery depends on it; set group",
                        "LONGSHORE_JOBS_MAX_RUNING = \"3\" (environment): there is no such setting;"
                                + " did you mean LONGSHORE_JOBS_MAX_RUNNING?",
                        "docker.host = \"ssh://there\" (command line): must be"
                                + " unix:///path/to/socket or tcp://host:port",
                        "http.host = \"0.0.0.0\" (command line): is open to other machines, and"
                                + " whoever reaches it can run containers on this engine. Set"
                                + " http.tokens-file, or take 127.0.0.1, or say"
                                + " http.allow-anonymous: true where something else keeps strangers"
                                + " out");
    }

    @Test
    void a_value_is_checked_although_another_overrules_it() {
        Path file = file("http.port: many\n");
        assertThat(problems(new Sources(file, Map.of(), Map.of("http.port", "1"))))
                .extracting(Problem::key)
                .containsExactly("http.port");
    }

    @Test
    void the_variables_of_launcher_and_clients_are_no_settings() {
        Map<String, String> environment =
                Map.of(
                        "LONGSHORE_URL", "http://there",
                        "LONGSHORE_JAVA_OPTS", "-Xmx1g",
                        "LONGSHORE_LOG_LEVEL", "debug",
                        "LONGSHORE_LOG_FORMAT", "json",
                        "LONGSHORE_HOME", "/opt/longshore",
                        "OTHER_HTTP_PORT", "x");
        assertThat(read(environment, Map.of()).http().port()).isEqualTo(8080);
    }

    @Test
    void kafkas_own_properties_pass_untouched_from_every_source() {
        Path file =
                file(
                        """
                        kafka:
                          bootstrap.servers: [a:1, b:2]
                          sasl.jaas.config: ${env:JAAS}
                          ssl.endpoint.identification.algorithm: ""
                          consumer:
                            max.poll.interval.ms: 100
                          admin.retry.backoff.ms: 7
                        """);
        KafkaSettings kafka =
                SettingsReader.read(
                                new Sources(
                                        file,
                                        Map.of(
                                                "LONGSHORE_KAFKA_SECURITY_PROTOCOL", "SASL_SSL",
                                                "LONGSHORE_KAFKA_CONSUMER_FETCH_MIN_BYTES", "2"),
                                        Map.of("kafka.producer.linger.ms", "9")))
                        .kafka();

        assertThat(kafka.bootstrapServers()).isEqualTo("a:1,b:2");
        assertThat(kafka.natives().common())
                .containsOnly(
                        Map.entry("sasl.jaas.config", "${env:JAAS}"),
                        Map.entry("ssl.endpoint.identification.algorithm", ""),
                        Map.entry("security.protocol", "SASL_SSL"));
        assertThat(kafka.natives().consumer())
                .containsOnly(
                        Map.entry("max.poll.interval.ms", "100"),
                        Map.entry("fetch.min.bytes", "2"));
        assertThat(kafka.natives().producer()).containsOnly(Map.entry("linger.ms", "9"));
        assertThat(kafka.natives().admin()).containsOnly(Map.entry("retry.backoff.ms", "7"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kafka.sasl.jaas.config",
                "kafka.ssl.keystore.password",
                "kafka.ssl.keystore.key",
                "kafka.ssl.key.password",
                "kafka.producer.sasl.oauthbearer.client.credentials.client.secret",
                "kafka.basic.auth.user.info"
            })
    void a_secret_is_printed_nowhere(String key) {
        Settings settings = read(Map.of(), Map.of(key, "hunter2"));
        assertThat(settings.describe()).contains(key + " = ***").doesNotContain("hunter2");
        assertThat(settings.toString()).doesNotContain("hunter2");
    }

    @Test
    void a_secret_is_not_in_the_message_either() {
        Path file = file("http:\n  token: hunter2\n password: hunter2\n");
        assertThatThrownBy(() -> SettingsReader.read(new Sources(file, Map.of(), Map.of())))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("must be one YAML document")
                .hasMessageContaining("line 3")
                .hasMessageNotContaining("hunter2");
        assertThatThrownBy(
                        () ->
                                read(
                                        Map.of("LONGSHORE_KAFKAPASSWORD", "hunter2"),
                                        Map.of("http.token", "hunter2")))
                .hasMessageContaining("LONGSHORE_KAFKAPASSWORD = ***")
                .hasMessageContaining("http.token = ***")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void a_file_that_is_named_must_be_there_and_hold_keys() {
        assertThat(problems(new Sources(folder.resolve("none.yaml"), Map.of(), Map.of())))
                .extracting(Problem::rule)
                .containsExactly("there is no such file");
        assertThat(problems(new Sources(file("just text"), Map.of(), Map.of())))
                .extracting(Problem::rule)
                .containsExactly("must hold keys and values, such as http.port: 8080");
        assertThat(
                        problems(
                                new Sources(
                                        file("#" + "x".repeat(2 << 20) + "\ngroup: a"),
                                        Map.of(),
                                        Map.of())))
                .extracting(Problem::rule)
                .containsExactly("must be one YAML document of at most 1 MiB");
        assertThat(problems(new Sources(file("a: &x [1]\ngroup: *x\n"), Map.of(), Map.of())))
                .isNotEmpty();
    }

    @Test
    void an_empty_file_says_nothing() {
        assertThat(SettingsReader.read(new Sources(file("# nothing\n"), Map.of(), Map.of())).http())
                .isEqualTo(HttpSettings.defaults());
    }

    @Test
    void a_key_given_twice_is_refused_also_once_nested_and_once_dotted() {
        Path file = file("http.port: 1\nhttp:\n  port: 2\n");
        assertThat(problems(new Sources(file, Map.of(), Map.of())))
                .extracting(Problem::rule)
                .containsExactly("is already given at " + file + ":1");
    }

    @Test
    void labels_are_a_mapping_in_the_file_and_pairs_elsewhere() {
        Path file = file("node:\n  labels:\n    zone: eu-1\n    gpu: true\n");
        assertThat(SettingsReader.read(new Sources(file, Map.of(), Map.of())).node().labels())
                .containsOnly(Map.entry("zone", "eu-1"), Map.entry("gpu", "true"));
        Map<String, String> environment = Map.of("LONGSHORE_NODE_LABELS", "zone=us-1, disk=ssd");
        assertThat(SettingsReader.read(new Sources(file, environment, Map.of())).node().labels())
                .containsOnly(Map.entry("zone", "us-1"), Map.entry("disk", "ssd"));
        Path comma = file("node.labels:\n  zone: a,b=c\n");
        assertThat(problems(new Sources(comma, Map.of(), Map.of())))
                .extracting(Problem::key)
                .containsExactly("node.labels.zone");
    }

    @Test
    void topics_follow_the_prefix_unless_named_and_must_differ() {
        Settings settings =
                read(Map.of(), Map.of("topics.prefix", "acme", "topics.logs", "acme-lines"));
        assertThat(settings.kafka().topics().jobs()).isEqualTo("acme.jobs");
        assertThat(settings.kafka().topics().logs()).isEqualTo("acme-lines");
        assertThat(settings.executor().logTopic()).isEqualTo("acme-lines");
        assertThat(origin(settings, "topics.jobs")).isEqualTo("topics.prefix");
        assertThat(
                        problems(
                                new Sources(
                                        null,
                                        Map.of(),
                                        Map.of("topics.jobs", "x", "topics.logs", "x"))))
                .extracting(Problem::key)
                .containsExactly("topics");
    }

    @Test
    void the_engine_is_that_of_DOCKER_HOST_unless_set() {
        Map<String, String> environment = Map.of("DOCKER_HOST", "tcp://10.0.0.1:2375");
        Settings settings = read(environment, Map.of());
        assertThat(settings.docker().host()).isEqualTo(URI.create("tcp://10.0.0.1:2375"));
        assertThat(origin(settings, "docker.host")).isEqualTo("environment DOCKER_HOST");
        assertThat(read(environment, Map.of("docker.host", "unix:///run/d.sock")).docker().host())
                .isEqualTo(URI.create("unix:///run/d.sock"));
    }

    @Test
    void what_jobs_may_have_of_the_host_is_the_operators_to_say() {
        Path file =
                file(
                        """
                        policy:
                          read-roots: [/data, /mnt/models]
                          write-roots: /scratch
                          volumes: models-*,cache
                          devices: /dev/fuse
                          host-namespaces: pid, user
                          networks: bridge,host,container:proxy
                        disk: {reserve: 0, max-job-size: 0}
                        images: {keep: "docker.io/library/*"}
                        results.directory: results
                        """);
        ExecutorSettings settings =
                SettingsReader.read(new Sources(file, Map.of(), Map.of())).executor();
        Policy policy = settings.policy();
        assertThat(policy.mounts())
                .isEqualTo(
                        new MountPolicy(
                                List.of(Path.of("/data"), Path.of("/mnt/models")),
                                List.of(Path.of("/scratch")),
                                List.of("models-*", "cache")));
        assertThat(policy.privileges().devices()).containsExactly("/dev/fuse");
        assertThat(policy.privileges().hostNamespaces())
                .containsExactlyInAnyOrder(HostNamespace.PID, HostNamespace.USER);
        assertThat(policy.networks()).contains("host", "container:proxy");
        assertThat(settings.disk().reserveBytes()).isZero();
        assertThat(settings.disk().keepImages()).containsExactly("docker.io/library/*");
        assertThat(settings.results().directory()).isEqualTo(Path.of("results"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    policy.read-roots       | data
                    policy.read-roots       | /data,
                    policy.read-roots       | /data/../etc
                    policy.write-roots      | none,/data
                    policy.volumes          | a b
                    policy.devices          | /etc/passwd
                    policy.devices          | /dev/sda:/dev/sda
                    policy.host-namespaces  | net
                    policy.runtimes         | -x
                    policy.groups           | 1000 2000
                    policy.groups           | -5
                    policy.secrets          | a/b
                    policy.exec             | yes
                    results.max-output-size | 0
                    disk.reserve            | -1
                    images.keep             | UPPER
                    """)
    void what_is_no_such_thing_is_refused(String key, String value) {
        assertThat(problems(new Sources(null, Map.of(), Map.of(key, value))))
                .extracting(Problem::key)
                .containsExactly(key);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.8.8.8", "::1", "localhost"})
    void this_machines_own_addresses_need_no_leave(String host) {
        assertThat(read(Map.of(), Map.of("http.host", host)).http().host()).isEqualTo(host);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "10.0.0.1", "jobs.example.org"})
    void other_addresses_take_tokens_or_leave(String host) {
        assertThat(problems(new Sources(null, Map.of(), Map.of("http.host", host))))
                .extracting(Problem::key)
                .containsExactly("http.host");
        assertThat(
                        read(
                                        Map.of("LONGSHORE_HTTP_ALLOW_ANONYMOUS", "true"),
                                        Map.of("http.host", host))
                                .http()
                                .host())
                .isEqualTo(host);
    }

    @Test
    void a_tokens_file_opens_the_node_to_others_and_its_mistakes_are_named_by_line(
            @TempDir Path folder) throws IOException {
        Path tokens = folder.resolve("tokens");
        Map<String, String> flags =
                Map.of("http.host", "0.0.0.0", "http.tokens-file", tokens.toString());
        Files.writeString(tokens, "# who\nops admin 0123456789abcdef\n");
        assertThat(read(Map.of(), flags).http().tokens().required()).isTrue();
        Files.writeString(tokens, "ops admin 0123456789abcdef\nci write tooshort\n");
        assertThat(problems(new Sources(null, Map.of(), flags)))
                .singleElement()
                .satisfies(
                        problem ->
                                assertThat(problem.toString())
                                        .contains("line 2")
                                        .doesNotContain("tooshort"));
        Files.delete(tokens);
        assertThat(problems(new Sources(null, Map.of(), flags)))
                .extracting(Problem::key)
                .containsExactly("http.tokens-file");
    }

    @Test
    void the_public_url_is_told_and_allowed() {
        Settings settings =
                read(
                        Map.of(),
                        Map.of(
                                "http.public-url", "https://jobs.example.org:8443/",
                                "http.allowed-hosts", "a.example.org,b"));
        assertThat(settings.node().url()).isEqualTo("https://jobs.example.org:8443");
        assertThat(settings.http().allowedHosts())
                .containsExactlyInAnyOrder("jobs.example.org", "a.example.org", "b");
        assertThat(settings.http().allowedOrigins())
                .containsExactly("https://jobs.example.org:8443");
    }

    @Test
    void a_free_port_has_no_url_yet() {
        assertThat(read(Map.of(), Map.of("http.port", "0")).node().url()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "host.example.org,host-example-org",
        "-x_,x",
        "ä,node",
        "'',node",
        "0123456789012345678901234567890123456789012345678901234567890123456789,"
                + "0123456789012345678901234567890123456789012345678901234567890123"
    })
    void a_host_name_becomes_a_valid_node_id(String hostName, String id) {
        assertThat(HostFacts.asNodeId(hostName)).isEqualTo(id);
        assertThat(NodeId.isValid(id)).isTrue();
    }

    private static Settings read(Map<String, String> environment, Map<String, String> flags) {
        return SettingsReader.read(new Sources(null, environment, flags));
    }

    private static List<Problem> problems(Sources sources) {
        SettingsException thrown =
                catchThrowableOfType(SettingsException.class, () -> SettingsReader.read(sources));
        assertThat(thrown).as("refused").isNotNull();
        return thrown.problems();
    }

    private static String origin(Settings settings, String key) {
        return settings.effective().stream()
                .filter(one -> one.key().equals(key))
                .findFirst()
                .orElseThrow()
                .origin();
    }

    private Path file(String text) {
        try {
            return Files.writeString(Files.createTempFile(folder, "settings", ".yaml"), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
