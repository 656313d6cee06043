package dev.longshore.docker;

import java.util.Objects;

/**
 * As whom to fetch images from one registry. Held by the settings; never in a command or an event.
 *
 * @param registry its host, with its port where it has one, such as {@code registry.example:5000};
 *     {@code docker.io} for Docker Hub
 * @param username who
 * @param password the secret
 */
public record RegistryCredential(String registry, String username, String password) {
    /** Refuses nulls by name. */
    public RegistryCredential {
        Objects.requireNonNull(registry, "registry");
        Objects.requireNonNull(username, "username");
        Objects.requireNonNull(password, "password");
    }

    /** Leaves the password out. */
    @Override
    public String toString() {
        return "RegistryCredential[registry=" + registry + ", username=" + username + "]";
    }
}
