package dev.longshore.app;

import dev.longshore.job.ExecutionId;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The form of {@code docker.credentials}: {@code hub.registry=docker.io,hub.username=me,…}. It says
 * where secrets are, never what they are. Any thread.
 */
final class CredentialRule {
    static final String REGISTRY = "registry";
    static final String USERNAME = "username";
    static final String PASSWORD_FILE = "password-file";
    static final String PASSWORD_ENV = "password-env";
    static final String TOKEN_FILE = "identity-token-file";
    static final String TOKEN_ENV = "identity-token-env";

    /** What a part of the mapping must be, for people. */
    static final String PART =
            "must be docker.credentials.<name>.<field>: a name of 1 to 64 letters, digits, '_' or"
                    + " '-', and one of the fields registry, username, password-file, password-env,"
                    + " identity-token-file and identity-token-env, with no comma in its value. A"
                    + " secret itself never stands in the settings";

    private static final Set<String> FIELDS =
            Set.of(REGISTRY, USERNAME, PASSWORD_FILE, PASSWORD_ENV, TOKEN_FILE, TOKEN_ENV);
    private static final int MOST_CHARACTERS = 4096;

    private CredentialRule() {}

    /** The fields of each credential, by its name. */
    static Rule<Map<String, Map<String, String>>> rule() {
        return new Rule<>(
                "name.field=value pairs separated by commas (in the file also a mapping), such as"
                    + " hub.registry=docker.io,hub.username=me,hub.password-file=/run/secrets/hub",
                CredentialRule::read);
    }

    /** Whether this is {@code <name>.<field>}. */
    static boolean isPart(String name) {
        int dot = name.indexOf('.');
        return dot > 0
                && ExecutionId.isValid(name.substring(0, dot))
                && FIELDS.contains(name.substring(dot + 1));
    }

    private static @Nullable Map<String, Map<String, String>> read(String text) {
        Map<String, Map<String, String>> credentials = new LinkedHashMap<>();
        for (String pair : text.split(",", -1)) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? "" : pair.substring(0, equals).strip();
            String value = pair.substring(equals + 1).strip();
            if (!isPart(name)
                    || value.isEmpty()
                    || value.length() > MOST_CHARACTERS
                    || value.chars().anyMatch(Character::isISOControl)) {
                return null;
            }
            int dot = name.indexOf('.');
            Map<String, String> fields =
                    credentials.computeIfAbsent(
                            name.substring(0, dot), first -> new LinkedHashMap<>());
            if (fields.put(name.substring(dot + 1), value) != null) {
                return null;
            }
        }
        return credentials;
    }
}
