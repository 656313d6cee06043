package dev.longshore.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A node's side of the websocket, written by hand: what is counted is what was sent. */
class FollowersTest {
    private static final String LINE = "{\"type\":\"log\",\"seq\":1,\"text\":\"x\"}\n";

    @Test
    void lines_gaps_and_the_end_are_counted_however_they_are_framed() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            URI node = URI.create("http://127.0.0.1:" + server.getLocalPort());
            try (Followers followers = new Followers(node)) {
                Follower follower = followers.open("some");
                try (Socket socket = server.accept()) {
                    answer(socket);
                    followers.start();
                    assertThat(followers.await(Follower::isEnded, Duration.ofSeconds(20)))
                            .isEqualTo(1);
                }
                assertThat(follower.isGreeted()).isTrue();
                assertThat(follower.lines()).isEqualTo(1 + 2 + 1000);
                assertThat(follower.gaps()).isEqualTo(1);
            }
        }
    }

    private static void answer(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        byte[] asked = new byte[4096];
        assertThat(new String(asked, 0, in.read(asked), StandardCharsets.US_ASCII))
                .startsWith("GET /api/v1/executions/some/logs?follow=true HTTP/1.1");
        OutputStream out = socket.getOutputStream();
        out.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n".getBytes());
        frame(out, 1, true, "{\"type\":\"hello\"}\n");
        frame(out, 1, true, LINE);
        // One record in two frames, and another message with a ping before it.
        frame(out, 1, false, LINE + LINE.substring(0, 5));
        frame(out, 9, true, "");
        frame(out, 0, true, LINE.substring(5) + "{\"type\":\"gap\",\"from\":1}\n");
        frame(out, 1, true, LINE.repeat(1000));
        frame(out, 1, true, "{\"type\":\"state\"}\n{\"type\":\"end\"}\n");
        out.flush();
    }

    private static void frame(OutputStream out, int opcode, boolean last, String text)
            throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.write(opcode | (last ? 0x80 : 0));
        if (bytes.length < 126) {
            out.write(bytes.length);
        } else {
            out.write(126);
            out.write(bytes.length >> 8);
            out.write(bytes.length & 0xff);
        }
        out.write(bytes);
    }
}
