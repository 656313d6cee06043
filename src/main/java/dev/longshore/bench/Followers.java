package dev.longshore.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Many readers of logs by websocket, on one thread, who count lines and keep none: cheap enough to
 * stand beside the node that is measured. {@link #open} and {@link #run} by one thread; what they
 * have counted may be asked by any.
 */
final class Followers implements AutoCloseable {
    private static final long SELECT_MILLIS = 50;
    private static final int SMALL_BUFFER_BYTES = 16 << 10;

    private final URI node;
    private final Selector selector;
    private final List<Follower> all = new ArrayList<>();
    private volatile boolean closed;

    /** Readers from this node. */
    Followers(URI node) throws IOException {
        this.node = node;
        this.selector = Selector.open();
    }

    /** One more, of this execution; blocks until the node has taken the connection. */
    Follower open(String executionId) throws IOException {
        return open(executionId, SocketChannel.open());
    }

    /** One that has little room for what it does not read at once. */
    Follower openSmall(String executionId) throws IOException {
        SocketChannel channel = SocketChannel.open();
        return open(
                executionId,
                channel.setOption(StandardSocketOptions.SO_RCVBUF, SMALL_BUFFER_BYTES));
    }

    /** Reads nothing of these any more, or reads on. */
    void reading(List<Follower> some, boolean on) {
        for (Follower each : some) {
            SelectionKey key = each.channel().keyFor(selector);
            if (key != null && key.isValid()) {
                key.interestOps(on ? SelectionKey.OP_READ : 0);
            }
        }
        selector.wakeup();
    }

    private Follower open(String executionId, SocketChannel channel) throws IOException {
        channel.connect(new InetSocketAddress(node.getHost(), node.getPort()));
        Follower follower = new Follower(channel, executionId);
        follower.ask(node.getHost() + ":" + node.getPort());
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ, follower);
        all.add(follower);
        return follower;
    }

    /** Reads on a thread of its own until {@link #close}. */
    Followers start() {
        Thread.ofPlatform().daemon().name("followers").start(this::run);
        return this;
    }

    private void run() {
        try (selector) {
            while (!closed) {
                selector.select(key -> ((Follower) key.attachment()).read(key), SELECT_MILLIS);
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Waits until each of them {@code is} so; how many are at the end. */
    long await(java.util.function.Predicate<Follower> is, Duration within)
            throws InterruptedException {
        long deadline = System.nanoTime() + within.toNanos();
        long count = all.stream().filter(is).count();
        while (count < all.size() && System.nanoTime() < deadline) {
            Thread.sleep(20);
            count = all.stream().filter(is).count();
        }
        return count;
    }

    List<Follower> all() {
        return all;
    }

    @Override
    public void close() throws IOException {
        closed = true;
        selector.wakeup();
        for (Follower each : all) {
            each.close();
        }
    }
}
