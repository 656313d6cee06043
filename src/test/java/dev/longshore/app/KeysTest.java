package dev.longshore.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.app.SettingsReader.Sources;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** The table of keys and the manual, {@code conf/longshore.yaml}, say the same. */
class KeysTest {
    private static final Path MANUAL = Path.of("conf", "longshore.yaml");

    /** Another valid value than the default, for every key. */
    private static final Map<String, String> OTHERS = others();

    static Stream<Key<?>> keys() {
        return Keys.all().stream();
    }

    @Test
    void the_manual_has_every_key_and_no_other_in_the_same_order() {
        SettingsFile manual = SettingsFile.read(MANUAL);
        assertThat(manual.problems()).isEmpty();
        assertThat(manual.given()).extracting(Given::key).containsExactlyElementsOf(Keys.names());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("keys")
    void the_manual_shows_the_default(Key<?> key) {
        Given shown =
                SettingsFile.read(MANUAL).given().stream()
                        .filter(given -> given.key().equals(key.name()))
                        .findFirst()
                        .orElseThrow();
        assertThat(shown.value()).isEqualTo(key.fallback());
    }

    @Test
    void the_manual_gives_a_reason_for_every_key() throws Exception {
        List<String> lines = Files.readAllLines(MANUAL);
        for (Given given : SettingsFile.read(MANUAL).given()) {
            if (given.key()
                    .matches("topics\\.(jobs|control|status|results|logs|nodes|dead-letters)")) {
                continue; // one comment for all seven
            }
            int line = Integer.parseInt(given.origin().substring(given.origin().indexOf(':') + 1));
            assertThat(lines.get(line - 2)).as("above " + given.key()).contains("# ");
        }
    }

    @Test
    void reading_the_manual_changes_nothing() {
        Map<String, String> node = Map.of("node.id", "n1");
        Settings with = SettingsReader.read(new Sources(MANUAL, Map.of(), node));
        Settings without = SettingsReader.read(new Sources(null, Map.of(), node));
        assertThat(with).usingRecursiveComparison().ignoringFields("effective").isEqualTo(without);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("keys")
    void a_default_follows_its_own_rule(Key<?> key) {
        String fallback = key.fallback();
        assertThat(fallback == null || key.rule().read(fallback) != null).isTrue();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("keys")
    void every_key_can_be_set_by_environment_and_command_line_and_has_an_effect(Key<?> key) {
        String other = Objects.requireNonNull(OTHERS.get(key.name()), key.name());
        // A host that others reach needs leave; the leave alone shows only in what is accepted.
        boolean leave = key.equals(Keys.HTTP_ALLOW_ANONYMOUS);
        Map<String, String> environment = new HashMap<>();
        environment.put(
                leave ? "LONGSHORE_HTTP_HOST" : "LONGSHORE_HTTP_ALLOW_ANONYMOUS",
                leave ? "0.0.0.0" : "true");
        environment.put("HUB_PASSWORD", "hunter2");
        if (key.equals(Keys.IMAGES_CHECK_ACCESS)) { // matters only where there are some
            environment.put(
                    Keys.DOCKER_CREDENTIALS.environmentName(),
                    OTHERS.get(Keys.DOCKER_CREDENTIALS.name()));
        }
        Map<String, String> flags = new HashMap<>();
        Map<String, String> both = Map.copyOf(environment);

        environment.put(key.environmentName(), other);
        Settings byEnvironment = SettingsReader.read(new Sources(null, environment, flags));
        flags.put(key.name(), other);
        Settings byFlag = SettingsReader.read(new Sources(null, both, flags));

        assertThat(byEnvironment)
                .usingRecursiveComparison()
                .ignoringFields("effective")
                .isEqualTo(byFlag);
        if (!leave) {
            assertThat(byFlag)
                    .usingRecursiveComparison()
                    .ignoringFields("effective")
                    .isNotEqualTo(SettingsReader.read(new Sources(null, both, Map.of())));
        }
        String shown = Secrets.isSecret(key.name()) ? Secrets.MASK : other;
        assertThat(byFlag.effective()).contains(new Effective(key.name(), shown, "command line"));
    }

    @Test
    void no_two_keys_share_a_variable() {
        assertThat(Keys.all()).extracting(Key::environmentName).doesNotHaveDuplicates();
    }

    private static Path tokensFile() {
        try {
            Path file = Files.createTempFile("longshore-tokens", null);
            file.toFile().deleteOnExit();
            return Files.writeString(file, "ops admin 0123456789abcdef\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, String> others() {
        Map<String, String> others = new HashMap<>();
        for (Key<?> key : Keys.all()) {
            String name = key.name();
            if (key.rule().says().startsWith("a duration")) {
                others.put(name, "77s");
            } else if (key.rule().says().startsWith("a topic name")) {
                others.put(name, "another");
            } else if (key.rule().says().startsWith("a whole number")) {
                others.put(name, "77");
            } else if (key.rule().says().startsWith("a size")) {
                others.put(name, "77MiB");
            } else if (key.rule().says().startsWith("a decimal")) {
                others.put(name, "7.5");
            }
        }
        others.put("node.id", "another");
        others.put("node.labels", "zone=a");
        others.put("http.host", "127.0.0.2");
        others.put("http.allow-anonymous", "true");
        others.put("http.tokens-file", tokensFile().toString());
        others.put("http.public-url", "https://jobs.example.org");
        others.put("http.allowed-origins", "https://ops.example.org");
        others.put("http.allowed-hosts", "ops.example.org");
        others.put("kafka.bootstrap.servers", "broker-1:9092,broker-2:9092");
        others.put("group", "another");
        others.put("policy.images", "docker.io/library/*");
        others.put("policy.digest-only", "true");
        others.put("policy.networks", "none");
        others.put("policy.capabilities", "CHOWN,SETUID");
        others.put("policy.port-addresses", "0.0.0.0");
        others.put("policy.read-roots", "/data,/mnt/models");
        others.put("policy.write-roots", "/scratch");
        others.put("policy.volumes", "models-*");
        others.put("policy.downloads", "https://models.example/v1/");
        others.put("policy.privileged", "true");
        others.put("policy.devices", "/dev/fuse,/dev/kvm");
        others.put("policy.security-options", "seccomp=unconfined");
        others.put("policy.runtimes", "runsc");
        others.put("policy.host-namespaces", "pid,user");
        others.put("policy.groups", "44,100-200,team-*");
        others.put("policy.secrets", "team-*");
        others.put("policy.exec", "true");
        others.put("drain.mode", "wait");
        others.put("reconcile.mode", "dry-run");
        others.put("results.directory", "/var/lib/longshore/results");
        others.put("secrets.directory", "/run/secrets");
        others.put("images.check-access", "never");
        others.put("images.keep", "docker.io/library/*");
        others.put(
                "docker.credentials",
                "hub.registry=docker.io,hub.username=me,hub.password-env=HUB_PASSWORD");
        others.put("docker.host", "tcp://127.0.0.1:2375");
        others.put("docker.runtime", "crun");
        return others;
    }
}
