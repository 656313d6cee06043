package dev.longshore.app;

import dev.longshore.app.SettingsException.Problem;
import dev.longshore.kafka.NativeProperties;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * The values given so far, the last one of each key winning, and what is wrong with them. Each
 * value is checked when it comes, also one that another overrules later. Of one thread.
 */
final class Values {
    private static final String ENVIRONMENT = Key.environmentName("");

    private final Map<String, Given> held = new LinkedHashMap<>();
    private final Map<String, Given> natives = new TreeMap<>();
    private final List<Problem> problems = new ArrayList<>();

    /** Takes the value where its key exists and its rule holds; otherwise notes what is wrong. */
    void take(Given given) {
        Key<?> key = Keys.find(given.key());
        if (key != null) {
            takeOwn(key, given);
        } else if (Keys.isGroup(given.key())) {
            if (!given.isBlank()) {
                problem(given, "holds other settings and has no value of its own");
            }
        } else if (given.key().startsWith(Keys.DOCKER_CREDENTIALS.name() + ".")) {
            problem(given, CredentialRule.PART);
        } else if (isNative(given.key())) {
            takeNative(given);
        } else {
            problem(given, "there is no such setting" + advice(given.key(), Keys.names()));
        }
    }

    /** Takes one variable of the environment, if it is ours. */
    void takeVariable(String name, String value) {
        String origin = "environment " + name;
        for (Key<?> key : Keys.all()) {
            if (key.environmentName().equals(name)) {
                take(new Given(key.name(), value, origin));
                return;
            }
        }
        if (name.startsWith(ENVIRONMENT + "KAFKA_")) {
            String property = name.substring(ENVIRONMENT.length()).toLowerCase(Locale.ROOT);
            take(new Given(property.replace('_', '.'), value, origin));
        } else {
            List<String> known = Keys.all().stream().map(Key::environmentName).toList();
            problem(
                    new Given(name, value, "environment"),
                    "there is no such setting" + advice(name, known));
        }
    }

    /** Gives a key that nobody gave. */
    void settle(Key<?> key, String value, String origin) {
        if (!held.containsKey(key.name())) {
            take(new Given(key.name(), value, origin));
        }
    }

    /** The value of a key that always has one. */
    <T> T get(Key<T> key) {
        T value = find(key);
        if (value == null) {
            throw new IllegalStateException(key.name() + " has neither value nor default");
        }
        return value;
    }

    /** The value of a key, or null where it has none. */
    <T> @Nullable T find(Key<T> key) {
        String text = text(key);
        return text == null ? null : key.rule().read(text);
    }

    /** Kafka's own properties whose names begin with this, less those of a longer prefix, raw. */
    Map<String, String> natives(String prefix) {
        Map<String, String> found = new TreeMap<>();
        natives.forEach(
                (key, given) -> {
                    if (prefixOf(key).equals(prefix) && given.value() != null) {
                        found.put(key.substring(prefix.length()), given.value());
                    }
                });
        return found;
    }

    /** What the parts' own records say of values that only together are wrong. */
    <T> T together(String subject, Supplier<T> made, T otherwise) {
        try {
            return made.get();
        } catch (IllegalArgumentException e) {
            problems.add(Problem.of(subject, String.valueOf(e.getMessage())));
            return otherwise;
        }
    }

    void problem(Key<?> key, String rule) {
        problem(new Given(key.name(), text(key), origin(key)), rule);
    }

    /** Where a key's value was written. */
    String origin(Key<?> key) {
        Given given = held.get(key.name());
        return given == null ? Given.DEFAULT : given.origin();
    }

    void problems(Collection<Problem> more) {
        problems.addAll(more);
    }

    List<Problem> problems() {
        return problems;
    }

    /** Every setting with what it is and why, secrets masked; Kafka's own at the end. */
    List<Effective> effective() {
        List<Effective> all = new ArrayList<>();
        for (Key<?> key : Keys.all()) {
            Given given = held.get(key.name());
            all.add(
                    given == null
                            ? Effective.of(new Given(key.name(), key.fallback(), Given.DEFAULT))
                            : Effective.of(given));
        }
        natives.values().forEach(given -> all.add(Effective.of(given)));
        return all;
    }

    private void takeOwn(Key<?> key, Given given) {
        if (given.isBlank()) {
            return; // compose files and shells hand on empty variables for what nobody set
        }
        String text = String.valueOf(given.value());
        if (key.rule().read(text) == null) {
            problem(given, "must be " + key.rule().says());
        } else {
            held.put(key.name(), new Given(key.name(), text.strip(), given.origin()));
        }
    }

    /**
     * Kafka's own: any text, an empty one too, and never expanded; Kafka itself knows what is
     * valid.
     */
    private void takeNative(Given given) {
        String property = given.key().substring(prefixOf(given.key()).length());
        if (NativeProperties.isReserved(property)) {
            problem(given, "cannot be set, since delivery depends on it" + instead(property));
        } else if (given.value() != null) {
            natives.put(given.key(), given);
        }
    }

    private static String instead(String property) {
        return switch (property) {
            case "group.id" -> "; set group";
            case "bootstrap.servers" -> "; set kafka.bootstrap.servers";
            case "group.instance.id", "transactional.id" -> "; set node.id";
            default -> "";
        };
    }

    private static boolean isNative(String key) {
        return key.startsWith(Keys.KAFKA) && key.length() > prefixOf(key).length();
    }

    private static String prefixOf(String key) {
        for (String prefix : List.of("kafka.consumer.", "kafka.producer.", "kafka.admin.")) {
            if (key.startsWith(prefix)) {
                return prefix;
            }
        }
        return Keys.KAFKA;
    }

    /** What was written for a key, or its default, or null. */
    @Nullable String text(Key<?> key) {
        Given given = held.get(key.name());
        return given == null ? key.fallback() : given.value();
    }

    private static String advice(String written, Collection<String> known) {
        String nearest = Spelling.nearest(written, known);
        return nearest == null ? "" : "; did you mean " + nearest + "?";
    }

    private void problem(Given given, String rule) {
        problems.add(Problem.of(given, rule));
    }
}
