package dev.longshore.docker;

import java.util.List;
import java.util.Objects;

/**
 * An image as the engine has it.
 *
 * @param id the image's own id, {@code sha256:…}
 * @param repoDigests {@code repository@sha256:…} for each registry it came from; empty for one that was built or
 *     imported here
 */
public record ImageView(String id, List<String> repoDigests) {
    /** Copies the digests. */
    public ImageView {
        Objects.requireNonNull(id, "id");
        repoDigests = List.copyOf(repoDigests);
    }

    /** What the image resolved to: its first repository digest, or its own id. */
    public String digest() {
        return repoDigests.isEmpty() ? id : repoDigests.getFirst();
    }
}
