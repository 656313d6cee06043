package dev.longshore.bench;

import java.io.IOException;
import java.util.Map;

/**
 * A node and a client of its topics, which end together.
 *
 * @param node the node
 * @param client its client
 */
record Station(NodeProcess node, JobClient client) implements AutoCloseable {
    /** Starts both. */
    static Station open(Lab lab, Map<String, String> settings)
            throws IOException, InterruptedException {
        NodeProcess node = lab.node(settings);
        return new Station(node, lab.own(new JobClient(lab.broker(), node.prefix())));
    }

    @Override
    public void close() throws InterruptedException {
        client.close();
        node.close();
    }
}
