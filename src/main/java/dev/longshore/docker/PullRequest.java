package dev.longshore.docker;

import org.jspecify.annotations.Nullable;

import java.util.Objects;

/**
 * Which image to fetch, and as whom.
 *
 * @param reference the image
 * @param platform {@code os/architecture}, or null for the engine's own
 * @param credential the name of a credential of the settings, or null for what the node's Docker
 *     configuration has for the registry
 */
public record PullRequest(
        String reference, @Nullable String platform, @Nullable String credential) {
    /** Refuses nulls by name. */
    public PullRequest {
        Objects.requireNonNull(reference, "reference");
    }

    /** The registry's host, with its port where it has one; {@code docker.io} for Docker Hub. */
    public String registry() {
        return ImageReference.parse(reference).registry();
    }

    /** As whoever the node is to the registry. */
    public static PullRequest of(String reference) {
        return new PullRequest(reference, null, null);
    }
}
