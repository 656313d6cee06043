package dev.longshore.docker;

import java.util.Objects;

/**
 * As whom to fetch images from one registry. Held by the settings; never in a command or an event.
 *
 * @param registry its host, with its port where it has one, such as {@code registry.example:5000};
 *     {@code docker.io} for Docker Hub
 * @param username who
 * @param password the secret: a password, or with {@link #ofToken} an identity token
 */
public record RegistryCredential(String registry, String username, String password) {
    /** The user name by which Docker's credential helpers say that the secret is a token. */
    private static final String TOKEN = "<token>";

    /** Refuses nulls by name. */
    public RegistryCredential {
        Objects.requireNonNull(registry, "registry");
        Objects.requireNonNull(username, "username");
        Objects.requireNonNull(password, "password");
    }

    /** With an identity token, as a registry gives out at a login, in place of a password. */
    public static RegistryCredential ofToken(String registry, String identityToken) {
        return new RegistryCredential(registry, TOKEN, identityToken);
    }

    /** Whether the secret is an identity token. */
    public boolean isToken() {
        return username.equals(TOKEN);
    }

    /** Leaves the password out. */
    @Override
    public String toString() {
        return "RegistryCredential[registry=" + registry + ", username=" + username + "]";
    }
}
