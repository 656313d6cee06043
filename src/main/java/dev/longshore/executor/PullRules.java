package dev.longshore.executor;

import java.util.Locale;
import java.util.Set;

/**
 * How images are had.
 *
 * @param parallel most images fetched at a time
 * @param privateRegistries registries whose images are checked again for each job that uses one
 *     that is here: their hosts, {@code docker.io} for Docker Hub; none for no check
 */
public record PullRules(int parallel, Set<String> privateRegistries) {
    /** Three at a time, and no check. */
    static final PullRules DEFAULTS = new PullRules(3, Set.of());

    /** Copies the set; refuses counts below one. */
    public PullRules {
        privateRegistries = Set.copyOf(privateRegistries);
        if (parallel < 1) {
            throw new IllegalArgumentException("parallel must be at least 1");
        }
    }

    /** Which images that are here are checked again. */
    public enum Check {
        /** None. */
        NEVER,
        /** Those of the registries that the node has a credential for. */
        PRIVATE;

        /** The name in the settings. */
        public String settingName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
