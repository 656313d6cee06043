package dev.longshore.testing;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

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
    private final Set<Pair> lost = new HashSet<>();
    private final Vertx vertx;
    private Mode mode = Mode.PASS;
    private int accepted;
    private long delayMillis;
    private long answerBytesLeft = Long.MAX_VALUE;
    private Predicate<Buffer> toLose = request -> false;

    private SocketProxy(Vertx vertx, SocketAddress target) {
        this.vertx = vertx;
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

    /** Passes everything on so much later, in its order; set before anything is under way. */
    public synchronized void delay(Duration delay) {
        delayMillis = delay.toMillis();
    }

    /**
     * Passes on so many more bytes of answers, over all connections, and closes the connection on
     * which the last of them came; goes on as before afterwards.
     */
    public synchronized void cutAfter(long answerBytes) {
        answerBytesLeft = answerBytes;
    }

    /**
     * Lets a request through, and closes its connection instead of passing the answer on: it was
     * done, and who asked never hears of it. The predicate is asked about each piece that a client
     * sends, and may count; of pieces of some size a request may be in several.
     */
    public synchronized void loseAnswers(Predicate<Buffer> request) {
        toLose = request;
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
        from.handler(bytes -> ask(pair, bytes));
        to.handler(bytes -> answer(pair, bytes));
        from.closeHandler(_ -> forget(pair));
        to.closeHandler(_ -> forget(pair));
        switch (mode) {
            case PASS -> pair.resume();
            case STALL -> pair.pause();
            case RESET -> pair.close();
        }
    }

    private synchronized void ask(Pair pair, Buffer bytes) {
        if (toLose.test(bytes)) {
            lost.add(pair);
        }
        pass(bytes, pair.to());
    }

    private synchronized void answer(Pair pair, Buffer bytes) {
        if (lost.remove(pair)) {
            pair.close();
            return;
        }
        if (bytes.length() >= answerBytesLeft) {
            Buffer rest = bytes.slice(0, (int) answerBytesLeft);
            answerBytesLeft = Long.MAX_VALUE;
            pair.from().write(rest).onComplete(written -> pair.close());
            return;
        }
        answerBytesLeft -= answerBytesLeft == Long.MAX_VALUE ? 0 : bytes.length();
        pass(bytes, pair.from());
    }

    private void pass(Buffer bytes, NetSocket to) {
        if (delayMillis == 0) {
            to.write(bytes);
        } else {
            vertx.setTimer(delayMillis, later -> to.write(bytes));
        }
    }

    private synchronized void forget(Pair pair) {
        lost.remove(pair);
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
