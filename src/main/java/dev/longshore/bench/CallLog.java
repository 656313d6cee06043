package dev.longshore.bench;

import dev.longshore.app.dev.EngineAddress;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Stands between a node and its engine and notes each call with its times; passes everything on as
 * it is. A request is known by the first bytes of what is read: clients of the engine send one at a
 * time. Any thread.
 */
final class CallLog implements AutoCloseable {
    private static final Pattern REQUEST = Pattern.compile("(GET|POST|PUT|DELETE|HEAD) /\\S+");
    private static final Pattern VERSION = Pattern.compile("^/v1\\.\\d+");
    private static final Pattern ID = Pattern.compile("[0-9a-f]{64}");
    private static final int BUFFER_BYTES = 64 << 10;

    private final ServerSocketChannel server;
    private final Path socket;
    private final EngineAddress engine;
    private final List<Call> calls = new ArrayList<>();
    private final Map<SocketChannel, Boolean> open = new ConcurrentHashMap<>();

    /** Listens at {@code socket}. */
    CallLog(Path socket, EngineAddress engine) throws IOException {
        this.socket = socket;
        this.engine = engine;
        this.server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket), 256);
        Thread.ofPlatform().daemon().name("call-log").start(this::accept);
    }

    /** One call. */
    static final class Call {
        private final String what;
        private final long atNanos;
        private volatile long firstNanos;
        private volatile long lastNanos;

        Call(String what, long atNanos) {
            this.what = what;
            this.atNanos = atNanos;
        }

        /** Method and path, without ids and query. */
        String what() {
            return what;
        }

        long atNanos() {
            return atNanos;
        }

        /** To the first byte of the answer, in milliseconds. */
        double toFirstByte() {
            return BareEngine.millis(Math.max(0, firstNanos - atNanos));
        }

        /** To its last byte. */
        double toLastByte() {
            return BareEngine.millis(Math.max(0, lastNanos - atNanos));
        }

        private void answered() {
            long now = System.nanoTime();
            if (firstNanos == 0) {
                firstNanos = now;
            }
            lastNanos = now;
        }
    }

    String host() {
        return "unix://" + socket.toAbsolutePath();
    }

    /** What was called since this was asked before, in order. */
    List<Call> take() {
        synchronized (calls) {
            List<Call> taken = List.copyOf(calls);
            calls.clear();
            return taken;
        }
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                SocketChannel client = server.accept();
                SocketChannel there = SocketChannel.open(engine.family());
                there.connect(engine.socketAddress());
                open.put(client, true);
                open.put(there, true);
                Wire wire = new Wire(client, there);
                Thread.ofVirtual().start(wire::requests);
                Thread.ofVirtual().start(wire::answers);
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    /** The two directions of one connection. */
    private final class Wire {
        private final SocketChannel client;
        private final SocketChannel there;
        private volatile Call current = new Call("", 0);

        Wire(SocketChannel client, SocketChannel there) {
            this.client = client;
            this.there = there;
        }

        void requests() {
            pass(client, there, true);
        }

        void answers() {
            pass(there, client, false);
        }

        private void pass(SocketChannel from, SocketChannel to, boolean requests) {
            ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
            try (from;
                    to) {
                while (from.read(buffer) >= 0) {
                    buffer.flip();
                    if (requests) {
                        note(buffer);
                    } else {
                        current.answered();
                    }
                    while (buffer.hasRemaining()) {
                        to.write(buffer);
                    }
                    buffer.clear();
                }
            } catch (IOException e) {
                open.remove(from); // one side has gone: so has the other now
            } finally {
                open.remove(from);
                open.remove(to);
            }
        }

        private void note(ByteBuffer buffer) {
            int size = Math.min(512, buffer.remaining());
            String begin = new String(buffer.array(), 0, size, StandardCharsets.ISO_8859_1);
            var found = REQUEST.matcher(begin);
            if (found.lookingAt()) {
                current = new Call(name(found.group()), System.nanoTime());
                synchronized (calls) {
                    calls.add(current);
                }
            }
        }
    }

    private static String name(String request) {
        int space = request.indexOf(' ');
        String path = VERSION.matcher(request.substring(space + 1)).replaceFirst("");
        String follow = path.contains("follow=1") ? " follow" : "";
        String tail = path.contains("tail=") ? " tail" : "";
        String plain = path.replaceFirst("\\?.*", "");
        return request.substring(0, space)
                + " "
                + ID.matcher(plain).replaceAll("{id}")
                + follow
                + tail;
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (SocketChannel each : open.keySet()) {
            each.close();
        }
    }
}
