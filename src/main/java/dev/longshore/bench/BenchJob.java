package dev.longshore.bench;

import dev.longshore.app.dev.ImageSetup;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * What is run, by a node and by the bare engine alike.
 *
 * @param image its image
 * @param command program and arguments
 * @param cores its limit of CPU
 * @param memoryBytes its limit of memory
 */
record BenchJob(String image, List<String> command, double cores, long memoryBytes) {
    private static final long DEFAULT_MEMORY_BYTES = 256L << 20;

    /** Copies; refuses nulls by name. */
    BenchJob {
        Objects.requireNonNull(image, "image");
        command = List.copyOf(command);
    }

    /** With the memory and half a core that a job has which asks for nothing. */
    static BenchJob of(String... command) {
        return new BenchJob(ImageSetup.IMAGE, List.of(command), 0.5, DEFAULT_MEMORY_BYTES);
    }

    /** The same with more or less CPU. */
    BenchJob withCores(double other) {
        return new BenchJob(image, command, other, memoryBytes);
    }

    /** The start command for it. */
    byte[] start() {
        String words = String.join(",", command.stream().map(Json::quoted).toList());
        return ("{\"jobId\":\"bench\",\"image\":"
                        + Json.quoted(image)
                        + ",\"command\":["
                        + words
                        + "],\"resources\":{\"cpu\":"
                        + cores
                        + ",\"memory\":"
                        + memoryBytes
                        + "}}")
                .getBytes(StandardCharsets.UTF_8);
    }
}
