package dev.longshore.testing;

import dev.longshore.app.dev.EmbeddedBroker;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * A broker as a process of its own, so that it can be killed: directory, port, and the port that
 * clients are told, where they shall come another way.
 */
public final class BrokerMain {
    /** What it prints once it serves. */
    public static final String READY = "broker ready ";

    private BrokerMain() {}

    /** Serves until it is killed. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        EmbeddedBroker broker =
                EmbeddedBroker.open(
                        Path.of(arguments[0]),
                        Integer.parseInt(arguments[1]),
                        Map.of("advertised.listeners", "PLAINTEXT://127.0.0.1:" + arguments[2]));
        System.out.println(READY + broker.bootstrapServers());
        new CountDownLatch(1).await();
    }
}
