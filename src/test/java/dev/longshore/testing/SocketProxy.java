package dev.longshore.testing;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;

import java.util.ArrayList;
import java.util.List;

/**
 * Stands between a client and a server, over unix or TCP sockets, and plays the bad network. From
 * any thread; answers on any.
 */
public final class SocketProxy {
    /** What it does with the bytes. */
    public enum Mode {
        /** Passes them on. */
        PASS,
        /**
         * Keeps connections open, new ones included, and passes nothing on; {@link #PASS} passes
         * what was held back.
         */
        STALL,
        /** Closes every connection, new ones at once. */
        RESET
    }

    private final NetServer server;
    private final NetClient client;
    private final SocketAddress target;
    private final List<Pair> pairs = new ArrayList<>();
    private Mode mode = Mode.PASS;
    private int accepted;

    private SocketProxy(Vertx vertx, SocketAddress target) {
        this.server = vertx.createNetServer();
        this.client = vertx.createNetClient();
        this.target = target;
    }

    /** Listens at {@code listen}; TCP port 0 takes a free one. */
    public static Future<SocketProxy> open(
            Vertx vertx, SocketAddress listen, SocketAddress target) {
        SocketProxy proxy = new SocketProxy(vertx, target);
        proxy.server.connectHandler(proxy::accept);
        return proxy.server.listen(listen).map(proxy);
    }

    /** The port, where it listens on TCP. */
    public int port() {
        return server.actualPort();
    }

    /** Connections taken so far. */
    public synchronized int accepted() {
        return accepted;
    }

    /** Changes what happens, to connections that are open too. */
    public synchronized void mode(Mode next) {
        mode = next;
        switch (next) {
            case PASS -> pairs.forEach(Pair::resume);
            case STALL -> pairs.forEach(Pair::pause);
            case RESET -> List.copyOf(pairs).forEach(Pair::close);
        }
    }

    /** Closes everything. */
    public Future<Void> close() {
        mode(Mode.RESET);
        return server.close().eventually(client::close);
    }

    private synchronized void accept(NetSocket from) {
        accepted++;
        from.pause();
        if (mode == Mode.RESET) {
            from.close();
            return;
        }
        client.connect(target).onSuccess(to -> join(from, to.pause())).onFailure(_ -> from.close());
    }

    private synchronized void join(NetSocket from, NetSocket to) {
        Pair pair = new Pair(from, to);
        pairs.add(pair);
        from.handler(to::write);
        to.handler(from::write);
        from.closeHandler(_ -> forget(pair));
        to.closeHandler(_ -> forget(pair));
        switch (mode) {
            case PASS -> pair.resume();
            case STALL -> pair.pause();
            case RESET -> pair.close();
        }
    }

    private synchronized void forget(Pair pair) {
        if (pairs.remove(pair)) {
            pair.close();
        }
    }

    private record Pair(NetSocket from, NetSocket to) {
        void pause() {
            from.pause();
            to.pause();
        }

        void resume() {
            from.resume();
            to.resume();
        }

        void close() {
            from.close();
            to.close();
        }
    }
}
