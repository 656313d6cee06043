package dev.longshore.bench;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The server's side of HTTP/1.1 on one connection. Blocks; one thread. */
final class SimulatedHttp {
    private static final int BUFFER_BYTES = 16 << 10;

    private final SocketChannel channel;
    private final ByteBuffer in = ByteBuffer.allocate(BUFFER_BYTES).limit(0);

    SimulatedHttp(SocketChannel channel) {
        this.channel = channel;
    }

    /**
     * One request.
     *
     * @param method its method
     * @param path without the query
     * @param query without the question mark, may be empty
     * @param body its body as text
     * @param last whether the client wants no other answer on this connection
     */
    record Request(String method, String path, String query, String body, boolean last) {}

    /** The next request, or null where the client has left. */
    @Nullable Request next() throws IOException {
        String first = line();
        if (first == null) {
            return null;
        }
        int length = 0;
        boolean chunked = false;
        boolean last = first.endsWith("HTTP/1.0");
        for (String header = line(); header != null && !header.isEmpty(); header = line()) {
            String lower = header.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                length = Integer.parseInt(lower.substring(15).strip());
            }
            chunked |= lower.startsWith("transfer-encoding:") && lower.contains("chunked");
            last |= lower.startsWith("connection:") && lower.contains("close");
        }
        String body = chunked ? chunks() : new String(bytes(length), StandardCharsets.UTF_8);
        String[] words = first.split(" ", -1);
        int mark = words[1].indexOf('?');
        return new Request(
                words[0],
                mark < 0 ? words[1] : words[1].substring(0, mark),
                mark < 0 ? "" : words[1].substring(mark + 1),
                body,
                last);
    }

    void json(int status, String body) throws IOException {
        answer(status, "application/json", body);
    }

    void text(int status, String body) throws IOException {
        answer(status, "text/plain", body);
    }

    void empty(int status) throws IOException {
        write("HTTP/1.1 " + status + " X\r\n" + date() + "\r\n");
    }

    /** The head of an answer whose body comes in chunks. */
    void begin(String type) throws IOException {
        write(
                "HTTP/1.1 200 OK\r\nContent-Type: "
                        + type
                        + "\r\n"
                        + date()
                        + "Transfer-Encoding: chunked\r\n\r\n");
    }

    void chunk(String text) throws IOException {
        chunk(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    void chunk(ByteBuffer bytes) throws IOException {
        if (bytes.hasRemaining()) {
            byte[] head =
                    (Integer.toHexString(bytes.remaining()) + "\r\n")
                            .getBytes(StandardCharsets.US_ASCII);
            ByteBuffer out = ByteBuffer.allocate(head.length + bytes.remaining() + 2);
            write(out.put(head).put(bytes).put((byte) '\r').put((byte) '\n').flip());
        }
    }

    void finish() throws IOException {
        write("0\r\n\r\n");
    }

    /** Waits until the client leaves. */
    void awaitEnd() throws IOException {
        while (fill()) {
            in.limit(0);
        }
    }

    private void answer(int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        byte[] head =
                ("HTTP/1.1 "
                                + status
                                + " X\r\nContent-Type: "
                                + type
                                + "\r\n"
                                + date()
                                + "Content-Length: "
                                + bytes.length
                                + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII);
        write(ByteBuffer.allocate(head.length + bytes.length).put(head).put(bytes).flip());
    }

    private static String date() {
        return "Api-Version: 1.41\r\nDate: "
                + DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC))
                + "\r\n";
    }

    private void write(String text) throws IOException {
        write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
    }

    private void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private String chunks() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            String size = line();
            int length = size == null ? 0 : Integer.parseInt(size.strip(), 16);
            body.writeBytes(bytes(length));
            line();
            if (length == 0) {
                return body.toString(StandardCharsets.UTF_8);
            }
        }
    }

    private byte[] bytes(int length) throws IOException {
        byte[] bytes = new byte[length];
        int at = 0;
        while (at < length && (in.hasRemaining() || fill())) {
            int take = Math.min(length - at, in.remaining());
            in.get(bytes, at, take);
            at += take;
        }
        return bytes;
    }

    private @Nullable String line() throws IOException {
        StringBuilder line = new StringBuilder();
        while (in.hasRemaining() || fill()) {
            char c = (char) in.get();
            if (c == '\n') {
                return line.toString();
            }
            if (c != '\r') {
                line.append(c);
            }
        }
        return null;
    }

    private boolean fill() throws IOException {
        in.clear();
        int read = channel.read(in);
        in.flip();
        return read > 0;
    }
}
