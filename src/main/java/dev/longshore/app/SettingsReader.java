package dev.longshore.app;

import org.jspecify.annotations.Nullable;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads the settings: built-in defaults, then the file, then the environment, then the command
 * line; the later wins, key by key. Called once at the start, from any thread but an event loop.
 *
 * <p>A reader of our own on SnakeYAML's node tree rather than SmallRye Config: every message can
 * name file and line, the text of a value stays as written ({@code ${env:…}} in Kafka's properties
 * is for Kafka's config providers), Kafka's dotted names need no quoting, mistakes come all
 * together, and it starts in less time.
 */
public final class SettingsReader {
    private static final Path USUAL_FILE = Path.of("conf", "longshore.yaml");
    private static final String OURS = Key.environmentName("");

    /** Variables that are for the launcher and the client commands. */
    private static final Set<String> NOT_SETTINGS =
            Set.of(
                    "LONGSHORE_URL",
                    "LONGSHORE_TOKEN",
                    "LONGSHORE_JAVA_OPTS",
                    "LONGSHORE_LOG_LEVEL",
                    "LONGSHORE_LOG_FORMAT",
                    "LONGSHORE_HOME");

    private SettingsReader() {}

    /**
     * Reads what is given.
     *
     * @throws SettingsException if a value is malformed, a key unknown, or the file unreadable: all
     *     of it together
     */
    public static Settings read(Sources sources) {
        Values values = new Values();
        Path file = sources.file();
        if (file != null) {
            SettingsFile read = SettingsFile.read(file);
            values.problems(read.problems());
            MappingFold.fold(read.given()).forEach(values::take);
        }
        Set<String> secrets = secretVariables(values, sources);
        new TreeMap<>(sources.environment())
                .forEach(
                        (name, value) -> {
                            if (name.startsWith(OURS)
                                    && !NOT_SETTINGS.contains(name)
                                    && !secrets.contains(name)) {
                                values.takeVariable(name, value);
                            }
                        });
        new TreeMap<>(sources.flags())
                .forEach((key, value) -> values.take(new Given(key, value, "command line")));
        settle(values, sources.environment());
        Settings settings = new SettingsAssembly(values, sources.environment()).assemble();
        if (!values.problems().isEmpty()) {
            throw new SettingsException(values.problems());
        }
        return settings;
    }

    /** Variables with credentials, whatever they are called. */
    private static Set<String> secretVariables(Values file, Sources sources) {
        Key<?> key = Keys.DOCKER_CREDENTIALS;
        return Credentials.variables(
                file.text(key),
                sources.environment().get(key.environmentName()),
                sources.flags().get(key.name()));
    }

    /** What depends on the host. */
    private static void settle(Values values, Map<String, String> environment) {
        values.settle(Keys.NODE_ID, HostFacts.nodeId(environment), "host name");
        String dockerHost = environment.get("DOCKER_HOST");
        if (dockerHost != null) {
            values.settle(Keys.DOCKER_HOST, dockerHost, "environment DOCKER_HOST");
        }
        values.settle(Keys.DOCKER_HOST, "unix:///var/run/docker.sock", Given.DEFAULT);
    }

    /**
     * Where settings come from.
     *
     * @param file a settings file, which must exist, or null for none
     * @param environment environment variables; those that begin with {@code LONGSHORE_} count, and
     *     {@code DOCKER_HOST}
     * @param flags by dotted key, such as {@code http.port}; what the command line says
     */
    public record Sources(
            @Nullable Path file, Map<String, String> environment, Map<String, String> flags) {
        /** Refuses nulls by name and copies. */
        public Sources {
            environment = Map.copyOf(Objects.requireNonNull(environment, "environment"));
            flags = Map.copyOf(Objects.requireNonNull(flags, "flags"));
        }

        /**
         * This process's environment, and {@code conf/longshore.yaml} (below {@code LONGSHORE_HOME}
         * where that is set) if it is there and {@code config} names no other file.
         */
        public static Sources usual(@Nullable Path config, Map<String, String> flags) {
            Map<String, String> environment = System.getenv();
            if (config != null) {
                return new Sources(config, environment, flags);
            }
            String home = environment.get("LONGSHORE_HOME");
            Path usual = home == null ? USUAL_FILE : Path.of(home).resolve(USUAL_FILE);
            return new Sources(Files.exists(usual) ? usual : null, environment, flags);
        }
    }
}
