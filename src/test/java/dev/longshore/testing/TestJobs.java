package dev.longshore.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;

import org.apache.kafka.clients.consumer.ConsumerRecord;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Jobs of a shell on a {@link TestNode}, and what became of them. One thread at a time. */
public final class TestJobs {
    private final TestNode node;

    /** On this node. */
    public TestJobs(TestNode node) {
        this.node = node;
    }

    /** Submits a script, with more fields, or none where they are empty. */
    public void submit(String id, String fields, String script) {
        node.submit(
                id,
                "{\"image\":\"busybox\","
                        + (fields.isEmpty() ? "" : fields + ",")
                        + "\"command\":[\"sh\",\"-c\","
                        + quoted(script)
                        + "]}");
    }

    /** Submits a script and waits for its result. */
    public JsonNode run(String id, String fields, String script) {
        submit(id, fields, script);
        return node.result(id);
    }

    /** The text as JSON. */
    public static String quoted(String text) {
        return new TextNode(text).toString();
    }

    /** Submits a well-behaved job and waits until it runs. */
    public void submitNeighbour(String id, int lines) {
        String neighbour = id + "-neighbour";
        submit(
                neighbour,
                "",
                "i=0; while [ $i -lt "
                        + lines
                        + " ]; do echo line $i; i=$((i+1)); usleep 10000; done");
        node.readEach(
                node.topics().status(),
                each ->
                        neighbour.equals(TestNode.text(each.key()))
                                && "running".equals(TestNode.json(each).path("state").asText()));
    }

    /** Asserts that the well-behaved job did well and that its log is whole. */
    public void assertNeighbour(String id, int lines) {
        JsonNode result = node.result(id + "-neighbour");
        assertThat(result.path("state").asText()).isEqualTo("succeeded");
        assertThat(result.path("log").path("complete").asBoolean()).isTrue();
        assertThat(result.path("log").path("lines").asInt()).isEqualTo(lines);
        assertThat(result.path("stdout").asText())
                .isEqualTo(
                        IntStream.range(0, lines)
                                .mapToObj(i -> "line " + i + "\n")
                                .collect(Collectors.joining()));
    }

    /** Where the results of an attempt are. */
    public Path results(String id, int attempt) {
        return node.results().resolve(id).resolve(String.valueOf(attempt));
    }

    /** What the topic of log lines has of one stream of an attempt, newlines put back. */
    public byte[] printed(String id, int attempt, String stream) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        node.readEach(
                node.topics().logs(),
                line -> {
                    if (!id.equals(TestNode.text(line.key()))) {
                        return false;
                    }
                    if (is(line, "stream", stream)
                            && is(line, "attempt", String.valueOf(attempt))) {
                        bytes.writeBytes(line.value());
                        if (TestNode.header(line, "partial") == null) {
                            bytes.write('\n');
                        }
                    }
                    return TestNode.header(line, "end") != null;
                });
        return bytes.toByteArray();
    }

    /** Asserts that the manifest of a collected output tells what is on the disk. */
    public void assertManifest(JsonNode output) throws IOException {
        Path directory = Path.of(output.path("path").asText());
        assertThat(output.path("manifest")).isNotEmpty();
        for (JsonNode entry : output.path("manifest")) {
            byte[] content = Files.readAllBytes(directory.resolve(entry.path("path").asText()));
            assertThat(entry.path("bytes").asLong()).isEqualTo(content.length);
            assertThat(entry.path("sha256").asText()).isEqualTo(sha256(content));
        }
    }

    private static boolean is(ConsumerRecord<byte[], byte[]> line, String name, String value) {
        return value.equals(TestNode.header(line, name));
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
