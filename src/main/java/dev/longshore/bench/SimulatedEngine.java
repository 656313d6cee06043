package dev.longshore.bench;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * A Docker engine that runs nothing: it answers what a node asks, over a Unix socket, with delays
 * that are set, so that what is measured is the node alone. Deterministic: ids are counted,
 * programs do what their first word says ({@link SimulatedContainer}). It is no test double: {@code
 * bench ceiling}, {@code density} and {@code fanout} need it when they run. Any thread; each
 * connection has a virtual one.
 */
public final class SimulatedEngine implements AutoCloseable {
    private final ServerSocketChannel server;
    private final Path socket;
    private final Delays delays;
    private final Map<String, SimulatedContainer> containers = new ConcurrentHashMap<>();
    private final Map<String, SimulatedContainer> byName = new ConcurrentHashMap<>();
    private final Map<SocketChannel, Boolean> connections = new ConcurrentHashMap<>();
    private final AtomicLong number = new AtomicLong();
    private final LongAdder requests = new LongAdder();
    private final AtomicLong follows = new AtomicLong();

    /**
     * How long each answer takes.
     *
     * @param create a container's making
     * @param start its start
     * @param run what a program takes that ends by itself
     * @param remove its removal
     */
    public record Delays(Duration create, Duration start, Duration run, Duration remove) {
        /** At once. */
        public static final Delays NONE =
                new Delays(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO);

        /** Refuses nulls by name. */
        public Delays {
            Objects.requireNonNull(create, "create");
            Objects.requireNonNull(start, "start");
            Objects.requireNonNull(run, "run");
            Objects.requireNonNull(remove, "remove");
        }
    }

    private SimulatedEngine(ServerSocketChannel server, Path socket, Delays delays) {
        this.server = server;
        this.socket = socket;
        this.delays = delays;
    }

    /** Listens at {@code socket}, a file that is not there yet. */
    public static SimulatedEngine open(Path socket, Delays delays) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket), 1024);
        SimulatedEngine engine = new SimulatedEngine(server, socket, delays);
        Thread.ofPlatform().daemon().name("simulated-engine").start(engine::accept);
        return engine;
    }

    /** Where it listens, as Docker writes it. */
    public String host() {
        return "unix://" + socket.toAbsolutePath();
    }

    /** How many requests it has answered. */
    public long requests() {
        return requests.sum();
    }

    /** How many streams of logs were opened to be followed. */
    public long follows() {
        return follows.get();
    }

    /** How many containers it has. */
    public int size() {
        return containers.size();
    }

    /** How many programs run. */
    public long running() {
        return containers.values().stream().filter(SimulatedContainer::isRunning).count();
    }

    /** Ends every program that runs, as if it had ended by itself. */
    public void endAll() {
        containers.values().forEach(container -> container.end(0));
    }

    Delays delays() {
        return delays;
    }

    void answered() {
        requests.increment();
    }

    void followed() {
        follows.incrementAndGet();
    }

    /** A new container, or null where its name is taken. */
    @Nullable SimulatedContainer create(String name, String json) {
        SimulatedContainer made =
                SimulatedContainer.of(
                        "%064x".formatted(number.incrementAndGet()), name, Json.object(json));
        if (byName.putIfAbsent(name, made) != null) {
            return null;
        }
        containers.put(made.id(), made);
        return made;
    }

    @Nullable SimulatedContainer find(String idOrName) {
        SimulatedContainer found = containers.get(idOrName);
        return found == null ? byName.get(idOrName) : found;
    }

    void remove(SimulatedContainer container) {
        containers.remove(container.id());
        byName.remove(container.name());
        container.end(SimulatedContainer.KILLED);
    }

    Collection<SimulatedContainer> all() {
        return containers.values();
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                SocketChannel connection = server.accept();
                connections.put(connection, true);
                Thread.ofVirtual().start(() -> serve(connection));
            } catch (IOException e) {
                return; // closed: nobody is let in any more
            }
        }
    }

    private void serve(SocketChannel connection) {
        try (connection) {
            new SimulatedSession(this, connection).serve();
        } catch (IOException e) {
            // The client went away in the middle: it may.
            connections.remove(connection);
        } finally {
            connections.remove(connection);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        endAll();
        for (SocketChannel connection : connections.keySet()) {
            connection.close();
        }
    }
}
