package dev.longshore.job;

import org.jspecify.annotations.Nullable;

/**
 * Which image it was.
 *
 * @param reference as the producer named it
 * @param digest what it resolved to: a repository digest, or the image's own id where it never came from a registry;
 *     null while not known
 */
public record ImageIdentity(String reference, @Nullable String digest) {
    /** Refuses a null reference. */
    public ImageIdentity {
        Checks.required(reference, "reference");
    }
}
