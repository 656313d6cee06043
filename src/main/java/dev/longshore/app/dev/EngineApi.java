package dev.longshore.app.dev;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The few calls to a Docker engine that setting up a machine needs, by the JDK alone so that they
 * start at once. Blocks the calling thread, never for longer than it was told; any thread may call.
 * Speaks HTTP/1.0: the engine then sends no chunks and closes after its answer. Jobs are run by the
 * package {@code docker}, never by this.
 */
public final class EngineApi {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_BYTES = 16 << 20;

    private final EngineAddress address;

    /** Makes one; connects with each call. */
    public EngineApi(EngineAddress address) {
        this.address = address;
    }

    /** Where it calls. */
    public EngineAddress address() {
        return address;
    }

    /** Whether an engine answers {@code /_ping} within the time. */
    public boolean answers(Duration within) {
        try {
            return get("/_ping", within).status() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /** What the engine says about itself; fails where none answers within five seconds a call. */
    public EngineFacts facts() throws IOException {
        Duration within = Duration.ofSeconds(5);
        return EngineFacts.of(
                get("/version", within).orFail("version").json(),
                get("/info", within).orFail("info").json(),
                get("/networks", within).orFail("networks").json());
    }

    /** {@code GET path}. */
    public Answer get(String path, Duration within) throws IOException {
        return call(new Call("GET", path, new byte[0], "", within, within));
    }

    /** {@code POST path} with a JSON body, or none where it is empty. */
    public Answer post(String path, String json, Duration within) throws IOException {
        return call(
                new Call(
                        "POST",
                        path,
                        json.getBytes(StandardCharsets.UTF_8),
                        "application/json",
                        within,
                        within));
    }

    /** {@code DELETE path}. */
    public Answer delete(String path, Duration within) throws IOException {
        return call(new Call("DELETE", path, new byte[0], "", within, within));
    }

    /** One call; a {@link SocketTimeoutException} where one of its two deadlines passes. */
    public Answer call(Call call) throws IOException {
        try (SocketChannel channel = SocketChannel.open(address.family())) {
            AtomicBoolean late = new AtomicBoolean();
            AtomicBoolean headSeen = new AtomicBoolean();
            Thread watch =
                    Thread.ofVirtual().start(() -> closeWhenLate(call, channel, headSeen, late));
            try {
                return exchange(call, channel, headSeen);
            } catch (IOException e) {
                if (late.get()) {
                    SocketTimeoutException timeout =
                            new SocketTimeoutException(
                                    "no answer from " + address + " in time: " + call.name());
                    timeout.initCause(e);
                    throw timeout;
                }
                throw new IOException(call.name() + " at " + address + ": " + e.getMessage(), e);
            } finally {
                watch.interrupt();
            }
        }
    }

    private static void closeWhenLate(
            Call call, SocketChannel channel, AtomicBoolean headSeen, AtomicBoolean late) {
        try {
            Thread.sleep(call.head());
            if (headSeen.get()) {
                Thread.sleep(call.whole().minus(call.head()));
            }
            late.set(true);
            channel.close();
        } catch (InterruptedException e) {
            // The answer came: nothing to watch any more.
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private Answer exchange(Call call, SocketChannel channel, AtomicBoolean headSeen)
            throws IOException {
        channel.connect(address.socketAddress());
        OutputStream out = Channels.newOutputStream(channel);
        out.write(call.head(call.body().length).getBytes(StandardCharsets.US_ASCII));
        out.write(call.body());
        InputStream in = Channels.newInputStream(channel);
        String head = readHead(in);
        headSeen.set(true);
        String[] statusLine = head.lines().findFirst().orElse("").split(" ", 3);
        if (statusLine.length < 2 || !statusLine[0].startsWith("HTTP/")) {
            throw new IOException("that is not an HTTP answer");
        }
        boolean noBody = head.toLowerCase(Locale.ROOT).contains("\ncontent-length: 0\r");
        byte[] body = noBody ? new byte[0] : in.readNBytes(MOST_BYTES);
        return new Answer(Integer.parseInt(statusLine[1]), body);
    }

    private static String readHead(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int ends = 0;
        while (ends < 2) {
            int b = in.read();
            if (b < 0) {
                throw new IOException("closed before an answer");
            }
            head.write(b);
            if (b == '\n') {
                ends++;
            } else if (b != '\r') {
                ends = 0;
            }
        }
        return head.toString(StandardCharsets.US_ASCII);
    }

    /**
     * One request.
     *
     * @param method HTTP method
     * @param path path and query, already encoded
     * @param body what to send, may be empty
     * @param contentType of the body
     * @param head how long the start of the answer may take
     * @param whole how long everything may take, at least {@code head}
     */
    public record Call(
            String method,
            String path,
            byte[] body,
            String contentType,
            Duration head,
            Duration whole) {
        private String name() {
            return method + " " + path.replaceFirst("\\?.*", "");
        }

        private String head(int length) {
            String type = length == 0 ? "" : "Content-Type: " + contentType + "\r\n";
            return method
                    + " "
                    + path
                    + " HTTP/1.0\r\nHost: docker\r\n"
                    + type
                    + "Content-Length: "
                    + length
                    + "\r\n\r\n";
        }
    }

    /**
     * One answer.
     *
     * @param status HTTP status
     * @param body all of it, at most 16 MiB
     */
    public record Answer(int status, byte[] body) {
        /** The body as text. */
        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        /** The body as JSON. */
        public JsonNode json() throws IOException {
            return JSON.readTree(body);
        }

        /**
         * This, or an {@link IOException} with the engine's own message where the status is not 2xx
         * or 304.
         */
        public Answer orFail(String what) throws IOException {
            if (status / 100 == 2 || status == 304) {
                return this;
            }
            throw new IOException(what + ": the engine answered " + status + ": " + message());
        }

        /** The engine's message in an error. */
        public String message() {
            try {
                return json().path("message").asText(text().strip());
            } catch (IOException e) {
                return text().strip();
            }
        }
    }
}
