package dev.longshore.executor;

import dev.longshore.job.SecretUse;

import io.vertx.core.Future;
import io.vertx.core.Vertx;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The secrets that the node holds: a directory with a file for each, as orchestrators mount them.
 * They are read anew at each use, by a worker, and kept nowhere: one that was changed holds for the
 * next container. What is wrong is an {@link ExecutorFailure.SecretUnavailable} that tells a
 * secret's name and nothing of its value. Any context.
 */
final class SecretStore {
    /** Most bytes of one secret. */
    static final int MOST_BYTES = 512 << 10;

    /** The kernel's limit on one variable with its closing NUL (MAX_ARG_STRLEN, execve(2)). */
    private static final int MOST_VARIABLE_BYTES = (128 << 10) - 1;

    private final Vertx vertx;
    private final @Nullable Path directory;

    /**
     * @param directory where they are, or null where the node holds none
     */
    SecretStore(Vertx vertx, @Nullable Path directory) {
        this.vertx = vertx;
        this.directory = directory;
    }

    /**
     * The values of the variables among these, by the variables' names; the files are looked at.
     */
    Future<Map<String, String>> variables(List<SecretUse> uses) {
        return read(uses)
                .map(
                        values -> {
                            Map<String, String> variables = new HashMap<>();
                            for (SecretUse use : uses) {
                                if (use instanceof SecretUse.Variable variable) {
                                    byte[] value = values.getOrDefault(use.name(), new byte[0]);
                                    variables.put(variable.environment(), text(variable, value));
                                }
                            }
                            return variables;
                        });
    }

    /** The bytes of these, by the secrets' names. */
    Future<Map<String, byte[]>> read(List<SecretUse> uses) {
        if (uses.isEmpty()) {
            return Future.succeededFuture(Map.of());
        }
        return vertx.executeBlocking(
                () -> {
                    Map<String, byte[]> values = new HashMap<>();
                    for (SecretUse use : uses) {
                        values.put(use.name(), read(use.name()));
                    }
                    return values;
                },
                false);
    }

    private byte[] read(String name) {
        if (directory == null) {
            throw unavailable(name, "this node holds no secrets");
        }
        try {
            Path real = directory.toRealPath();
            // A link to elsewhere in the directory is how orchestrators replace all at once.
            Path file = real.resolve(name).toRealPath();
            if (!file.startsWith(real) || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                throw unavailable(name, "it is no plain file in the directory of secrets");
            }
            try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
                byte[] value = in.readNBytes(MOST_BYTES + 1);
                if (value.length > MOST_BYTES) {
                    throw unavailable(name, "it has more than " + MOST_BYTES + " bytes");
                }
                return value;
            }
        } catch (NoSuchFileException e) {
            throw unavailable(name, "this node does not hold it");
        } catch (IOException e) {
            throw unavailable(name, "it cannot be read (" + e.getClass().getSimpleName() + ")");
        }
    }

    /** Without the line break at its end: most tools write one, and no program wants it. */
    private static String text(SecretUse.Variable use, byte[] value) {
        try {
            String text =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value)).toString();
            if (text.indexOf('\0') >= 0
                    || use.environment().length() + value.length >= MOST_VARIABLE_BYTES) {
                throw unavailable(
                        use.name(), "no variable can hold it: it has a NUL, or is too long");
            }
            return text.replaceFirst("\\r?\\n\\z", "");
        } catch (CharacterCodingException e) {
            throw unavailable(use.name(), "no variable can hold it: it is no text in UTF-8");
        }
    }

    private static ExecutorFailure.SecretUnavailable unavailable(String name, String why) {
        return new ExecutorFailure.SecretUnavailable(name, why);
    }
}
