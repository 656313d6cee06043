package dev.longshore.app.dev;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What a Docker engine says about itself.
 *
 * @param version its version, such as {@code 28.2.2}
 * @param api the newest API version it speaks, such as {@code 1.50}
 * @param storage its storage driver
 * @param cgroup the cgroup version it uses, {@code 1} or {@code 2}
 * @param rootDirectory where it keeps images and containers
 * @param cores how many cores it sees
 * @param memoryBytes how much memory it sees
 * @param bridge whether it has the network {@code bridge}: without it containers run with no
 *     network or the host's
 */
public record EngineFacts(
        String version,
        String api,
        String storage,
        String cgroup,
        String rootDirectory,
        int cores,
        long memoryBytes,
        boolean bridge) {
    static EngineFacts of(JsonNode version, JsonNode info, JsonNode networks) {
        return new EngineFacts(
                version.path("Version").asText("unknown"),
                version.path("ApiVersion").asText("0.0"),
                info.path("Driver").asText("unknown"),
                info.path("CgroupVersion").asText("1"),
                info.path("DockerRootDir").asText(""),
                info.path("NCPU").asInt(),
                info.path("MemTotal").asLong(),
                networks.valueStream()
                        .anyMatch(network -> "bridge".equals(network.path("Name").asText())));
    }

    /** Whether the engine speaks API {@code major.minor} or newer. */
    public boolean speaks(int major, int minor) {
        String[] parts = api.split("\\.", 3);
        if (parts.length < 2 || !parts[0].matches("\\d{1,4}") || !parts[1].matches("\\d{1,4}")) {
            return false;
        }
        int has = Integer.parseInt(parts[0]);
        return has > major || has == major && Integer.parseInt(parts[1]) >= minor;
    }

    /** One line for people. */
    public String line() {
        return "Docker engine "
                + version
                + " (API "
                + api
                + ", storage "
                + storage
                + ", cgroup v"
                + cgroup
                + ")";
    }
}
