package dev.longshore.bench;

import dev.longshore.app.dev.EngineAddress;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * One connection to an engine, kept alive, and HTTP/1.1 over it with nothing in between: the
 * reference that a node is measured against. Blocks; one thread at a time.
 */
final class RawConnection implements Closeable {
    private static final int BUFFER_BYTES = 64 << 10;

    private final SocketChannel channel;
    private final ByteBuffer in = ByteBuffer.allocate(BUFFER_BYTES).limit(0);

    /** Connects. */
    RawConnection(EngineAddress engine) throws IOException {
        channel = SocketChannel.open(engine.family());
        channel.connect(engine.socketAddress());
    }

    /** Takes a body in pieces. */
    interface Body {
        /**
         * A piece; valid during the call only. False ends the reading, and with it the connection's
         * use.
         */
        boolean piece(ByteBuffer bytes);
    }

    /**
     * One answer.
     *
     * @param status HTTP status
     * @param body all of it
     */
    record Answer(int status, byte[] body) {
        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        /** This, or a failure with the engine's words where it refused. */
        Answer orFail(String what) {
            if (status >= 400) {
                throw new BenchFailure(what + ": the engine answered " + status + " " + text());
            }
            return this;
        }
    }

    /** Asks and reads the whole answer; {@code json} may be empty. */
    Answer call(String method, String path, String json) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        int status =
                stream(
                        method,
                        path,
                        json,
                        piece -> {
                            byte[] bytes = new byte[piece.remaining()];
                            piece.get(bytes);
                            body.writeBytes(bytes);
                            return true;
                        });
        return new Answer(status, body.toByteArray());
    }

    /** Asks and gives the answer's body as it comes; the status. */
    int stream(String method, String path, String json, Body body) throws IOException {
        send(method, path, json);
        String status = line();
        if (!status.startsWith("HTTP/1.1 ")) {
            throw new IOException("not an answer: " + status);
        }
        long length = -1;
        boolean chunked = false;
        for (String header = line(); !header.isEmpty(); header = line()) {
            String lower = header.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                length = Long.parseLong(lower.substring(15).strip());
            }
            chunked |= lower.startsWith("transfer-encoding:") && lower.contains("chunked");
        }
        int code = Integer.parseInt(status.substring(9, 12));
        if (chunked) {
            chunks(body);
        } else if (code != 204 && code != 304) {
            read(length < 0 ? Long.MAX_VALUE : length, body);
        }
        return code;
    }

    private void send(String method, String path, String json) throws IOException {
        byte[] content = json.getBytes(StandardCharsets.UTF_8);
        String type = content.length == 0 ? "" : "Content-Type: application/json\r\n";
        String head =
                method
                        + " "
                        + path
                        + " HTTP/1.1\r\nHost: docker\r\n"
                        + type
                        + "Content-Length: "
                        + content.length
                        + "\r\n\r\n";
        ByteBuffer out = ByteBuffer.allocate(head.length() + content.length);
        out.put(head.getBytes(StandardCharsets.US_ASCII)).put(content).flip();
        while (out.hasRemaining()) {
            channel.write(out);
        }
    }

    private void chunks(Body body) throws IOException {
        while (true) {
            int size = Integer.parseInt(line().strip(), 16);
            if (size > 0 && !read(size, body)) {
                return;
            }
            line();
            if (size == 0) {
                return;
            }
        }
    }

    private boolean read(long bytes, Body body) throws IOException {
        long left = bytes;
        while (left > 0) {
            if (!in.hasRemaining() && !fill()) {
                return false;
            }
            int take = (int) Math.min(left, in.remaining());
            ByteBuffer piece = in.slice(in.position(), take);
            in.position(in.position() + take);
            left -= take;
            if (!body.piece(piece)) {
                return false;
            }
        }
        return true;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            if (!in.hasRemaining() && !fill()) {
                throw new EOFException("the engine closed the connection");
            }
            char c = (char) in.get();
            if (c == '\n') {
                return line.toString();
            }
            if (c != '\r') {
                line.append(c);
            }
        }
    }

    private boolean fill() throws IOException {
        in.clear();
        int read = channel.read(in);
        in.flip();
        return read >= 0;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
