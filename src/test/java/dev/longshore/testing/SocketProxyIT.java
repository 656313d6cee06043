package dev.longshore.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.SocketAddress;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** In front of a server that says everything back. */
class SocketProxyIT {
    private final Vertx vertx = Vertx.vertx();
    private final AtomicInteger heard = new AtomicInteger();
    private SocketProxy proxy;

    @BeforeEach
    void open() throws Exception {
        NetServer echo =
                await(
                        vertx.createNetServer()
                                .connectHandler(
                                        socket ->
                                                socket.handler(
                                                        bytes -> {
                                                            heard.incrementAndGet();
                                                            socket.write(bytes);
                                                        }))
                                .listen(0, "127.0.0.1"));
        proxy =
                await(
                        SocketProxy.open(
                                vertx,
                                SocketAddress.inetSocketAddress(0, "127.0.0.1"),
                                SocketAddress.inetSocketAddress(echo.actualPort(), "127.0.0.1")));
    }

    @AfterEach
    void close() throws Exception {
        await(proxy.close());
        await(vertx.close());
    }

    @Test
    void a_stalled_connection_says_nothing_until_it_passes_again() throws Exception {
        try (Socket client = connect()) {
            assertThat(ask(client, "one")).isEqualTo("one");
            proxy.mode(SocketProxy.Mode.STALL);
            client.setSoTimeout(300);
            assertThat(answers(client, "two")).isFalse();
            proxy.mode(SocketProxy.Mode.PASS);
            client.setSoTimeout(20_000);
            assertThat(read(client, 3)).isEqualTo("two");
        }
    }

    @Test
    void a_reset_ends_connections_that_are_open_and_new_ones() throws Exception {
        try (Socket client = connect()) {
            assertThat(ask(client, "one")).isEqualTo("one");
            proxy.mode(SocketProxy.Mode.RESET);
            assertThat(endsAfter(client)).isEmpty();
            try (Socket late = connect()) {
                assertThat(endsAfter(late)).isEmpty();
            }
        }
    }

    @Test
    void an_answer_is_cut_after_so_many_bytes() throws Exception {
        try (Socket client = connect()) {
            proxy.cutAfter(5);
            client.getOutputStream().write("a long answer".getBytes(StandardCharsets.US_ASCII));
            assertThat(endsAfter(client)).isEqualTo("a lon");
        }
        try (Socket next = connect()) {
            assertThat(ask(next, "all of it")).isEqualTo("all of it");
        }
    }

    @Test
    void the_answer_to_one_request_is_lost_though_it_was_carried_out() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        proxy.loseAnswers(request -> asked.incrementAndGet() == 2);
        try (Socket client = connect()) {
            assertThat(ask(client, "one")).isEqualTo("one");
            client.getOutputStream().write("two".getBytes(StandardCharsets.US_ASCII));
            assertThat(endsAfter(client)).isEmpty();
        }
        assertThat(heard).hasValue(2);
        try (Socket next = connect()) {
            assertThat(ask(next, "three")).isEqualTo("three");
        }
    }

    @Test
    void a_delay_keeps_the_order() throws Exception {
        proxy.delay(Duration.ofMillis(50));
        long began = System.nanoTime();
        try (Socket client = connect()) {
            for (char letter = 'a'; letter <= 'z'; letter++) {
                client.getOutputStream().write(letter);
                client.getOutputStream().flush();
            }
            assertThat(read(client, 26)).isEqualTo("abcdefghijklmnopqrstuvwxyz");
        }
        assertThat(System.nanoTime() - began).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(99));
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), proxy.port());
        socket.setSoTimeout(20_000);
        socket.setTcpNoDelay(true);
        return socket;
    }

    private static String ask(Socket client, String text) throws IOException {
        client.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        return read(client, text.length());
    }

    private static boolean answers(Socket client, String text) throws IOException {
        try {
            return ask(client, text).equals(text);
        } catch (SocketTimeoutException silence) {
            return false;
        }
    }

    private static String read(Socket client, int length) throws IOException {
        return new String(client.getInputStream().readNBytes(length), StandardCharsets.US_ASCII);
    }

    /** What comes before the connection ends, in good order or not. */
    private static String endsAfter(Socket client) {
        StringBuilder text = new StringBuilder();
        try {
            for (int next = client.getInputStream().read();
                    next >= 0;
                    next = client.getInputStream().read()) {
                text.append((char) next);
            }
        } catch (SocketTimeoutException stillOpen) {
            throw new AssertionError("still open after " + text, stillOpen);
        } catch (IOException reset) {
            assertThat(reset).hasMessageContaining("reset");
        }
        return text.toString();
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}
