package dev.longshore.docker;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Objects;

/**
 * An image as the engine has it.
 *
 * @param id the image's own id, {@code sha256:…}
 * @param repoDigests {@code repository@sha256:…} for each registry it came from; empty for one that
 *     was built or imported here
 * @param entrypoint the image's own entry point, empty for none
 * @param command the image's own command, empty for none
 * @param sizeBytes its size, layers that it shares with other images included
 * @param platform what it was built for: {@code os/architecture[/variant]}, or null where the
 *     engine does not say
 */
public record ImageView(
        String id,
        List<String> repoDigests,
        List<String> entrypoint,
        List<String> command,
        long sizeBytes,
        @Nullable String platform) {
    /** Copies the lists; refuses nulls by name. */
    public ImageView {
        Objects.requireNonNull(id, "id");
        repoDigests = List.copyOf(repoDigests);
        entrypoint = List.copyOf(entrypoint);
        command = List.copyOf(command);
    }

    /** Of a platform that is not known. */
    public ImageView(
            String id,
            List<String> repoDigests,
            List<String> entrypoint,
            List<String> command,
            long sizeBytes) {
        this(id, repoDigests, entrypoint, command, sizeBytes, null);
    }

    /**
     * Whether it was built for this platform, as far as that is known. A variant that is not asked
     * for may be any.
     *
     * @param wanted {@code os/architecture[/variant]}
     */
    public boolean isFor(String wanted) {
        return platform == null || Platforms.fits(wanted, platform);
    }

    /** What the image resolved to: its first repository digest, or its own id. */
    public String digest() {
        return repoDigests.isEmpty() ? id : repoDigests.getFirst();
    }
}
