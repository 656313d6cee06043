package dev.longshore.cli;

import dev.longshore.app.NodeLauncher;

/** The one place where the command line is joined to the node that it starts. */
final class Assembly {
    private Assembly() {}

    /** How {@code dev}, {@code demo} and {@code serve} start a node. */
    static NodeLauncher node() {
        // Becomes app.Node: Settings from the file, the environment and the flags, then
        // Node.start(vertx, settings).
        return (config, flags) -> {
            throw new IllegalStateException("this build holds no node yet");
        };
    }
}
