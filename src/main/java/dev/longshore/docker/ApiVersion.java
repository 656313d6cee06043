package dev.longshore.docker;

/**
 * A version of the engine's API, such as 1.41.
 *
 * @param major before the dot
 * @param minor after the dot
 */
record ApiVersion(int major, int minor) implements Comparable<ApiVersion> {
    /** The oldest that has what we need (Docker 20.10). */
    static final ApiVersion OLDEST = new ApiVersion(1, 41);

    static ApiVersion parse(String text) {
        int dot = text.indexOf('.');
        if (dot < 1) {
            throw new IllegalArgumentException("not an API version: " + text);
        }
        return new ApiVersion(
                Integer.parseInt(text.substring(0, dot)),
                Integer.parseInt(text.substring(dot + 1)));
    }

    /**
     * What to speak with an engine that speaks {@code engineOldest} to {@code engineNewest}.
     *
     * @throws DockerFailure.Refused where there is no version that both speak
     */
    static ApiVersion agreed(
            ApiVersion engineOldest, ApiVersion engineNewest, ApiVersion ourNewest) {
        if (engineNewest.compareTo(OLDEST) < 0) {
            throw new DockerFailure.Refused(
                    "the engine speaks API "
                            + engineNewest
                            + " at most; at least "
                            + OLDEST
                            + " (Docker 20.10) is needed",
                    400);
        }
        ApiVersion agreed = engineNewest.compareTo(ourNewest) < 0 ? engineNewest : ourNewest;
        if (agreed.compareTo(engineOldest) < 0) {
            throw new DockerFailure.Refused(
                    "the engine speaks API "
                            + engineOldest
                            + " at least; "
                            + ourNewest
                            + " is the newest known here",
                    400);
        }
        return agreed;
    }

    @Override
    public int compareTo(ApiVersion other) {
        return major != other.major
                ? Integer.compare(major, other.major)
                : Integer.compare(minor, other.minor);
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
