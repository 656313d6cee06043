package dev.longshore.docker;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * An image in the engine's list.
 *
 * @param id the image's own id, {@code sha256:…}
 * @param repoTags its references by tag, {@code repository:tag}; empty for one that has lost them
 * @param repoDigests its references by digest, {@code repository@sha256:…}
 * @param sizeBytes its size, layers that it shares with other images included
 * @param created when it was built, not when it came here
 */
public record ImageSummary(
        String id,
        List<String> repoTags,
        List<String> repoDigests,
        long sizeBytes,
        Instant created) {
    /** Copies the lists; refuses nulls by name. */
    public ImageSummary {
        Objects.requireNonNull(id, "id");
        repoTags = List.copyOf(repoTags);
        repoDigests = List.copyOf(repoDigests);
        Objects.requireNonNull(created, "created");
    }
}
