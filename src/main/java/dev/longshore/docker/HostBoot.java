package dev.longshore.docker;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.stream.Stream;

/** When this host was started. */
public final class HostBoot {
    private static final String WORD = "btime ";

    private HostBoot() {}

    /**
     * From the kernel's own account, the same inside a container as outside; null where there is
     * none. Reads one small file, blocking.
     *
     * @param stat {@code /proc/stat}
     */
    public static @Nullable Instant read(Path stat) throws IOException {
        if (!Files.isReadable(stat)) {
            return null;
        }
        try (Stream<String> lines = Files.lines(stat)) {
            return lines.filter(line -> line.matches(WORD + "\\d{1,12}"))
                    .findFirst()
                    .map(line -> Instant.ofEpochSecond(Long.parseLong(line.substring(6))))
                    .orElse(null);
        }
    }
}
