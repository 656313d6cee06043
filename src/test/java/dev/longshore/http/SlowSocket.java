package dev.longshore.http;

import io.vertx.core.json.JsonObject;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A websocket client that reads nothing until it is told to: a real client library would read
 * ahead.
 */
final class SlowSocket implements AutoCloseable {
    private static final int RECEIVE_BUFFER_BYTES = 256 << 10;
    private static final int DEADLINE_MILLIS = 30_000;
    private static final int OPCODE = 0x0f;
    private static final int FINAL = 0x80;
    private static final int CLOSE = 8;

    private final Socket socket = new Socket();
    private final DataInputStream in;

    private SlowSocket(int port, String path) throws IOException {
        socket.setReceiveBufferSize(RECEIVE_BUFFER_BYTES);
        socket.setSoTimeout(DEADLINE_MILLIS);
        socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
        in = new DataInputStream(socket.getInputStream());
        String head =
                "GET "
                        + path
                        + " HTTP/1.1\r\n"
                        + "Host: localhost\r\n"
                        + "Upgrade: websocket\r\n"
                        + "Connection: Upgrade\r\n"
                        + "Sec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        int ends = 0;
        while (ends < 4) {
            int next = in.read();
            ends = next == '\r' || next == '\n' ? ends + 1 : 0;
        }
    }

    static SlowSocket open(int port, String path) {
        try {
            return new SlowSocket(port, path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The records of the next message, empty where the server closes. */
    List<JsonObject> next() {
        try {
            ByteArrayOutputStream message = new ByteArrayOutputStream();
            while (true) {
                int head = in.readUnsignedByte();
                byte[] payload = new byte[length()];
                in.readFully(payload);
                int opcode = head & OPCODE;
                if (opcode == CLOSE) {
                    return List.of();
                }
                if (opcode < CLOSE) {
                    message.writeBytes(payload);
                    if ((head & FINAL) != 0) {
                        return message.toString(StandardCharsets.UTF_8)
                                .lines()
                                .map(JsonObject::new)
                                .toList();
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Everything up to the close. */
    List<JsonObject> rest() {
        List<JsonObject> all = new ArrayList<>();
        for (List<JsonObject> some = next(); !some.isEmpty(); some = next()) {
            all.addAll(some);
        }
        return all;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int length() throws IOException {
        int length = in.readUnsignedByte();
        if (length == 126) {
            return in.readUnsignedShort();
        }
        return length == 127 ? Math.toIntExact(in.readLong()) : length;
    }
}
