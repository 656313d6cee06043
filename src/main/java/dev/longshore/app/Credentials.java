package dev.longshore.app;

import dev.longshore.app.SettingsException.Problem;
import dev.longshore.docker.RegistryCredential;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Fetches the registries' credentials from where {@code docker.credentials} says that they are.
 * What is wrong is noted with the values, without any value: someone may have put the secret itself
 * in place of its file's name. Reads files and blocks; of one thread.
 */
final class Credentials {
    private static final Pattern REGISTRY = Pattern.compile("[a-z0-9][a-z0-9.-]*(:[0-9]{1,5})?");
    private static final Set<String> NAMES_OF_HUB =
            Set.of("index.docker.io", "registry-1.docker.io");
    private static final String HUB = "docker.io";
    private static final long MOST_BYTES = 64 << 10;

    private final Values values;
    private final Map<String, String> environment;
    private final String origin;

    private Credentials(Values values, Map<String, String> environment) {
        this.values = values;
        this.environment = environment;
        this.origin = values.origin(Keys.DOCKER_CREDENTIALS);
    }

    /** Those that are whole, by name. */
    static Map<String, RegistryCredential> read(Values values, Map<String, String> environment) {
        Map<String, Map<String, String>> given = values.find(Keys.DOCKER_CREDENTIALS);
        Map<String, RegistryCredential> found = new LinkedHashMap<>();
        if (given != null) {
            Credentials credentials = new Credentials(values, environment);
            given.forEach(
                    (name, fields) -> {
                        RegistryCredential one = credentials.one(name, fields);
                        if (one != null) {
                            found.put(name, one);
                        }
                    });
        }
        return found;
    }

    /** The environment variables that these texts of the setting name: they are no settings. */
    static Set<String> variables(@Nullable String... texts) {
        Set<String> variables = new HashSet<>();
        for (String text : texts) {
            Map<String, Map<String, String>> given =
                    text == null ? null : Keys.DOCKER_CREDENTIALS.rule().read(text);
            if (given != null) {
                for (Map<String, String> fields : given.values()) {
                    Stream.of(CredentialRule.PASSWORD_ENV, CredentialRule.TOKEN_ENV)
                            .filter(fields::containsKey)
                            .map(fields::get)
                            .forEach(variables::add);
                }
            }
        }
        return variables;
    }

    private @Nullable RegistryCredential one(String name, Map<String, String> fields) {
        List<String> secrets =
                fields.keySet().stream()
                        .filter(
                                field ->
                                        !field.equals(CredentialRule.REGISTRY)
                                                && !field.equals(CredentialRule.USERNAME))
                        .toList();
        String registry = registry(name, fields);
        if (secrets.size() != 1) {
            problem(
                    name,
                    "needs one of password-file, password-env, identity-token-file and"
                            + " identity-token-env, and only one");
            return null;
        }
        String field = secrets.getFirst();
        boolean token = field.startsWith("identity-token");
        String username = fields.get(CredentialRule.USERNAME);
        if (token == (username != null)) {
            problem(
                    name,
                    token
                            ? "has an identity token, which needs no username"
                            : "needs a username beside its password");
        }
        String secret = secret(name + "." + field, field, fields.getOrDefault(field, ""));
        if (registry == null || secret == null || token == (username != null)) {
            return null;
        }
        return username == null
                ? RegistryCredential.ofToken(registry, secret)
                : new RegistryCredential(registry, username, secret);
    }

    private @Nullable String registry(String name, Map<String, String> fields) {
        String registry = fields.get(CredentialRule.REGISTRY);
        if (registry == null || !REGISTRY.matcher(registry).matches()) {
            problem(
                    name + "." + CredentialRule.REGISTRY,
                    "must be a registry's host, such as docker.io or registry.example.org:5000");
            return null;
        }
        return NAMES_OF_HUB.contains(registry) ? HUB : registry;
    }

    private @Nullable String secret(String subject, String field, String place) {
        String secret = field.endsWith("-env") ? variable(subject, place) : file(subject, place);
        if (secret == null) {
            return null;
        }
        String line = secret.replaceFirst("[\\r\\n]+$", "");
        if (line.isEmpty() || line.chars().anyMatch(Character::isISOControl)) {
            problem(subject, "must lead to one line of text");
            return null;
        }
        return line;
    }

    private @Nullable String variable(String subject, String name) {
        String value = environment.get(name);
        if (value == null) {
            problem(subject, "there is no such environment variable");
        }
        return value;
    }

    private @Nullable String file(String subject, String name) {
        try {
            Path path = Path.of(name);
            BasicFileAttributes file = Files.readAttributes(path, BasicFileAttributes.class);
            if (!file.isRegularFile() || file.size() > MOST_BYTES) {
                problem(subject, "must be a plain file of at most " + MOST_BYTES + " bytes");
                return null;
            }
            return Files.readString(path);
        } catch (NoSuchFileException e) {
            problem(subject, "there is no such file");
        } catch (CharacterCodingException e) {
            problem(subject, "must be a file of text in UTF-8");
        } catch (IOException | InvalidPathException e) {
            problem(subject, "cannot be read (" + e.getClass().getSimpleName() + ")");
        }
        return null;
    }

    private void problem(String subject, String rule) {
        String key = Keys.DOCKER_CREDENTIALS.name() + "." + subject;
        values.problems(List.of(new Problem(key, Secrets.MASK, origin, rule)));
    }
}
