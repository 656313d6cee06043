package dev.longshore.app;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.Map;

/** Starts a node in this process: the real one, or a test's. */
@FunctionalInterface
public interface NodeLauncher {
    /**
     * Starts a node and returns once it is ready to take commands. Blocks the calling thread.
     *
     * @param config a settings file, or null for defaults and the environment alone
     * @param flags settings that win over file and environment, by the keys of the file, such as
     *     {@code kafka.bootstrap.servers}, {@code http.port}
     * @throws Exception where it cannot start; the message is for people, and may have several
     *     lines
     */
    RunningNode start(@Nullable Path config, Map<String, String> flags) throws Exception;
}
