package dev.longshore.docker;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * The groups of the engine's host, as {@code group(5)} has them. Numbers, because a group's name
 * means the image's own group inside a container.
 *
 * @param lines {@code name:password:number:members}
 */
record GroupFile(List<String> lines) {
    GroupFile {
        lines = List.copyOf(lines);
    }

    /**
     * Blocks; a file that is not there has no groups.
     *
     * @throws DockerFailure.Refused where the file cannot be read
     */
    static GroupFile read(Path path) {
        try {
            return new GroupFile(Files.readAllLines(path, StandardCharsets.ISO_8859_1));
        } catch (NoSuchFileException e) {
            return new GroupFile(List.of());
        } catch (IOException e) {
            throw new DockerFailure.Refused("read the groups in " + path + ": " + e, 400);
        }
    }

    /** The number of the group, or null where there is none. */
    @Nullable Integer number(String group) {
        for (String line : lines) {
            String[] fields = line.split(":", -1);
            if (fields.length >= 3 && fields[0].equals(group) && fields[2].matches("\\d{1,9}")) {
                return Integer.valueOf(fields[2]);
            }
        }
        return null;
    }
}
