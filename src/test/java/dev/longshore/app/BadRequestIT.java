package dev.longshore.app;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.longshore.testing.RawRequest;
import dev.longshore.testing.TestNode;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

@DisplayName("Forty bad inputs: what comes by HTTP and websocket is the client's mistake, by name")
class BadRequestIT {
    private static final String LOGS = "/api/v1/executions/follow-1/logs";
    private static final int TEXT = 1;
    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;

    private static TestNode node;

    @BeforeAll
    static void start() {
        node =
                new TestNode(
                        Map.of(
                                "http.allowed-origins", "https://good.example",
                                "policy.images", "docker.io/library/busybox"));
        node.submit("follow-1", "{\"image\":\"busybox\",\"command\":[\"sleep\",\"600\"]}");
        node.readEach(
                node.topics().status(),
                each -> "running".equals(TestNode.json(each).path("state").asText()));
        // What the topic has and the board has not yet is a 404 otherwise.
        node.get("/api/v1/executions/follow-1/history");
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    static Stream<String> hostilePaths() {
        return Stream.of(
                "/api/v1/executions/%2e%2e%2fetc",
                "/api/v1/executions/..%2f..%2fetc%2fpasswd/outputs/x",
                "/api/v1/executions/follow-1/outputs/..%2f..%2f..%2fetc",
                "/api/v1/executions/%00",
                "//etc/passwd",
                "/web/../../etc/passwd",
                "/../../etc/passwd",
                "/" + "a".repeat(8 << 10));
    }

    @ParameterizedTest(name = "35 {0}")
    @MethodSource("hostilePaths")
    void a_hostile_path(String path) {
        try (RawRequest raw = RawRequest.send(node.url(), get(path, "Connection: close"))) {
            String answer = new String(raw.rest(), ISO_8859_1);

            assertThat(answer).matches("(?s)HTTP/1.[01] 4.*").doesNotContain("root:");
        }
    }

    @ParameterizedTest(name = "36 {0}")
    @CsvSource({
        "tail=-1, tail",
        "tail=1000000000, tail",
        "tail=abc, tail",
        "since=garbage, since",
        "attempt=0, attempt",
        "colour=red, colour",
        "tail=1&tail=2, tail",
        "after=1&tail=1, after"
    })
    void a_bad_parameter(String query, String name) {
        HttpResponse<String> answer = node.get(LOGS + "?" + query);

        assertProblem(answer, 400, "INVALID_PARAMETER");
        assertThat(answer.body()).contains('"' + name + '"');
    }

    @ParameterizedTest(name = "{0} {3}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "1 | 400 | `` | EMPTY_MESSAGE",
                "2 | 400 | not json | MALFORMED_JSON",
                "3 | 400 | [] | NOT_AN_OBJECT",
                "5 | 400 | {\"image\":\"a\",\"image\":\"b\"} | DUPLICATE_KEY",
                "9 | 400 | {\"type\":\"lunch\",\"image\":\"a\"} | UNKNOWN_COMMAND",
                "12 | 400 | {\"image\":\"a\",\"executionId\":\"../x\"} | INVALID_EXECUTION_ID",
                "18 | 400 | {\"image\":\"UPPER/x\"} | INVALID_IMAGE",
                "23 | 400 | {\"image\":\"a\",\"command\":\"x\"} | INVALID_COMMAND",
                "33 | 403 | {\"image\":\"a\",\"capAdd\":[]} | NOT_PERMITTED"
            })
    void a_bad_start(int number, int status, String body, String code) {
        assertProblem(node.post("/api/v1/executions", body), status, code);
    }

    @Test
    @DisplayName("6 deep and 7 large bodies")
    void deep_and_large_bodies() {
        assertProblem(node.post("/api/v1/executions", "[".repeat(100_000)), 400, "TOO_DEEP");
        assertProblem(node.post("/api/v1/executions", " ".repeat(2 << 20)), 413, "TOO_LARGE");
    }

    @Test
    @DisplayName("22 what only the policy refuses is taken, and rejected where it would run")
    void a_start_that_the_policy_refuses() {
        assertThat(
                        node.post(
                                        "/api/v1/executions",
                                        "{\"executionId\":\"evil\",\"image\":\"evil.example/x\"}")
                                .statusCode())
                .isEqualTo(202);
        assertThat(node.get("/api/v1/executions/evil/result?wait=60s").body())
                .contains("\"rejected\"", "not_permitted", "/image");
    }

    @ParameterizedTest(name = "38 {0}")
    @ValueSource(
            strings = {
                "https://evil",
                "null",
                "https://good.example.evil.com",
                "https://evil-good.example",
                "https://good.example:8443"
            })
    void an_upgrade_from_elsewhere(String origin) {
        try (RawRequest raw = RawRequest.send(node.url(), upgrade("Origin: " + origin))) {
            assertThat(raw.status()).isEqualTo(403);
        }
        try (RawRequest raw =
                RawRequest.send(node.url(), upgrade("Origin: https://good.example"))) {
            assertThat(raw.status()).isEqualTo(101);
        }
    }

    @Test
    @DisplayName("39 a binary frame is 1003, a large one 1009, and ten thousand pings are answered")
    void frames_that_nobody_wants() {
        assertThat(closeCode(frame(BINARY, new byte[1]))).isEqualTo(1003);
        assertThat(closeCode(frame(TEXT, new byte[1 << 20]))).isEqualTo(1009);
        try (RawRequest raw = RawRequest.send(node.url(), upgrade("X: y"))) {
            raw.head();
            byte[] ping = frame(PING, new byte[8]);
            int pongs = 0;
            for (int i = 0; i < 10_000; i++) {
                raw.write(ping);
                pongs += i % 100 == 99 ? pongs(raw, 100) : 0;
            }
            assertThat(pongs).isEqualTo(10_000);
        }
        assertThat(node.get("/health/ready").statusCode()).isEqualTo(200);
    }

    @Test
    @DisplayName("40 headers: too large, contradictory, forged, old")
    void headers_that_lie() {
        assertThat(status(get("/health/ready", "X: " + "a".repeat(64 << 10)))).isIn(400, 431);
        assertThat(
                        status(
                                "POST /api/v1/executions HTTP/1.1\r\nHost: localhost\r\n"
                                        + "Content-Type: application/json\r\nContent-Length: 5\r\n"
                                        + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"))
                .isEqualTo(400);
        assertThat(status(get("/health/ready", "X-Forwarded-For: 1.2.3.4"))).isEqualTo(200);
        assertThat(status(get("/health/ready", "X-Forwarded-Host: evil"))).isEqualTo(200);
        assertThat(status("GET /health/ready HTTP/1.0\r\nHost: localhost\r\n\r\n")).isEqualTo(200);
    }

    @Test
    @DisplayName("40 two hundred clients that never end their request hold nobody up")
    void slow_clients() {
        List<RawRequest> slow = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            slow.add(
                    RawRequest.send(
                            node.url(),
                            "POST /api/v1/executions HTTP/1.1\r\nHost: localhost\r\n"
                                    + "Content-Length: 100\r\n\r\n{"));
        }
        assertThat(node.get("/health/ready").statusCode()).isEqualTo(200);
        slow.forEach(RawRequest::close);
    }

    private static void assertProblem(HttpResponse<String> answer, int status, String code) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).contains("application/problem+json"));
        assertThat(answer.body()).contains("\"code\":\"" + code + '"');
    }

    private static int status(String request) {
        try (RawRequest raw = RawRequest.send(node.url(), request)) {
            return raw.status();
        }
    }

    private static String get(String path, String header) {
        return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + header + "\r\n\r\n";
    }

    private static String upgrade(String header) {
        return get(
                LOGS,
                "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==\r\n"
                        + header);
    }

    /** A client's frame, masked with zeros. */
    private static byte[] frame(int opcode, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(14 + payload.length);
        frame.put((byte) (0x80 | opcode));
        if (payload.length < 126) {
            frame.put((byte) (0x80 | payload.length));
        } else {
            frame.put((byte) 0xFF).putLong(payload.length);
        }
        frame.putInt(0).put(payload);
        byte[] bytes = new byte[frame.position()];
        frame.flip().get(bytes);
        return bytes;
    }

    /** The code with which the node closes a socket after this frame. */
    private static int closeCode(byte[] frame) {
        try (RawRequest raw = RawRequest.send(node.url(), upgrade("X: y"))) {
            raw.head();
            raw.write(frame);
            while (true) {
                Frame next = Frame.read(raw);
                if (next.opcode() == CLOSE) {
                    return ByteBuffer.wrap(next.payload()).getShort();
                }
            }
        }
    }

    private static int pongs(RawRequest raw, int wanted) {
        int pongs = 0;
        while (pongs < wanted) {
            pongs += Frame.read(raw).opcode() == PONG ? 1 : 0;
        }
        return pongs;
    }

    private record Frame(int opcode, byte[] payload) {
        static Frame read(RawRequest raw) {
            int opcode = raw.next() & 0x0F;
            int length = raw.next() & 0x7F;
            if (length == 126) {
                length = raw.next() << 8 | raw.next();
            }
            byte[] payload = new byte[length];
            for (int i = 0; i < length; i++) {
                payload[i] = (byte) raw.next();
            }
            return new Frame(opcode, payload);
        }
    }
}
