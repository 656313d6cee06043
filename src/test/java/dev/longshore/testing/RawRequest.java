package dev.longshore.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * A request as typed, since real clients refuse to send bad ones, and its answer up to the end of
 * the connection or the end of its head. One thread at a time.
 */
public final class RawRequest implements AutoCloseable {
    private static final int DEADLINE_MILLIS = 60_000;

    private final Socket socket;

    private RawRequest(Socket socket) {
        this.socket = socket;
    }

    /** Connects to a node and sends these bytes, each character being one. */
    public static RawRequest send(String url, String request) {
        URI uri = URI.create(url);
        try {
            Socket socket = new Socket(uri.getHost(), uri.getPort());
            socket.setSoTimeout(DEADLINE_MILLIS);
            RawRequest raw = new RawRequest(socket);
            raw.write(request.getBytes(StandardCharsets.ISO_8859_1));
            return raw;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends more. */
    public void write(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The head of the answer, its status line first. */
    public String head() {
        StringBuilder head = new StringBuilder();
        try {
            InputStream in = socket.getInputStream();
            while (head.indexOf("\r\n\r\n") < 0) {
                int next = in.read();
                if (next < 0) {
                    break;
                }
                head.append((char) next);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return head.toString();
    }

    /** The status of the answer. */
    public int status() {
        return Integer.parseInt(head().split(" ", 3)[1]);
    }

    /** The next byte that comes, from 0 to 255. */
    public int next() {
        try {
            int next = socket.getInputStream().read();
            if (next < 0) {
                throw new IllegalStateException("the connection was closed");
            }
            return next;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All that comes until the other side closes the connection. */
    public byte[] rest() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try {
            socket.getInputStream().transferTo(all);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all.toByteArray();
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
