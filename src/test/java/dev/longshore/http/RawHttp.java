package dev.longshore.http;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A request as typed, since real clients refuse to send bad ones. */
final class RawHttp implements AutoCloseable {
    private static final int DEADLINE_MILLIS = 20_000;

    private final Socket socket;

    private RawHttp(Socket socket) {
        this.socket = socket;
    }

    /** Sends a GET and leaves it at that. */
    static RawHttp open(int port, String path, String... headers) {
        try {
            Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port);
            socket.setSoTimeout(DEADLINE_MILLIS);
            String head =
                    "GET " + path + " HTTP/1.1\r\n" + String.join("\r\n", headers) + "\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
            return new RawHttp(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The status that a GET gets. */
    static int status(int port, String path, String... headers) {
        try (RawHttp raw = open(port, path, headers)) {
            return Integer.parseInt(raw.line().split(" ", -1)[1]);
        }
    }

    /** The next line of the answer. */
    String line() {
        try {
            return new BufferedReader(
                            new InputStreamReader(
                                    socket.getInputStream(), StandardCharsets.ISO_8859_1))
                    .readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
