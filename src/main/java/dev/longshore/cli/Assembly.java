package dev.longshore.cli;

import dev.longshore.app.Node;
import dev.longshore.app.NodeLauncher;

/** The one place where the command line is joined to the node that it starts. */
final class Assembly {
    private Assembly() {}

    /** How {@code dev}, {@code demo} and {@code serve} start a node. */
    static NodeLauncher node() {
        return Node::launch;
    }
}
