package dev.longshore.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.longshore.job.ExecutionResult;
import dev.longshore.job.Gpu;
import dev.longshore.job.GpuVendor;
import dev.longshore.job.Grant;
import dev.longshore.job.NodeStatus;
import dev.longshore.job.StatusEvent;
import dev.longshore.job.Usage;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Random;

@DisplayName("GPUs, ports and usage in events")
class EventGpuTest {
    private static final EventCodec CODEC = new EventCodec();

    @Test
    void events_from_before_gpus_ports_and_usage_are_read() throws IOException {
        String status = text(CODEC.status(WireFixtures.running(), null));
        String result = text(CODEC.result(WireFixtures.result(), null));
        String node = text(CODEC.node(WireFixtures.node()));

        StatusEvent oldStatus =
                CODEC.readStatus(WireFixtures.message(without(status, "gpus", "ports")));
        ExecutionResult oldResult =
                CODEC.readResult(WireFixtures.message(without(result, "gpus", "outputs", "usage")));
        NodeStatus oldNode = CODEC.readNode(WireFixtures.message(without(node, "gpus")));

        assertThat(oldStatus.ports()).isEmpty();
        assertThat(oldStatus.resources()).isEqualTo(new Grant(500_000_000L, 64L << 20, 256));
        assertThat(oldResult.gpus()).isEmpty();
        assertThat(oldResult.outputs()).isEmpty();
        assertThat(oldResult.usage()).isNull();
        assertThat(oldNode.capacity()).isEqualTo(new Grant(2_000_000_000L, 8L << 30, 4096));
    }

    @Test
    void any_usage_and_gpus_read_back_equal() {
        Random random = new Random(20260106);
        ExecutionResult whole = WireFixtures.result();
        for (int i = 0; i < 2_000; i++) {
            ExecutionResult result =
                    new ExecutionResult(
                            whole.executionId(),
                            whole.jobId(),
                            whole.nodeId(),
                            whole.attempt(),
                            whole.outcome(),
                            whole.output(),
                            whole.log(),
                            whole.image(),
                            whole.acceptedAt(),
                            whole.startedAt(),
                            whole.finishedAt(),
                            whole.millis(),
                            random.nextBoolean() ? List.of() : List.of(gpu(random), gpu(random)),
                            List.of(),
                            random.nextInt(4) == 0 ? null : usage(random));

            assertThat(CODEC.readResult(CODEC.result(result, null))).isEqualTo(result);
        }
    }

    private static Gpu gpu(Random random) {
        return new Gpu(
                List.of(GpuVendor.values()).get(random.nextInt(3)),
                "GPU-" + random.nextInt(),
                "Model \"" + random.nextInt() + "\" é",
                random.nextLong(Long.MAX_VALUE),
                random.nextBoolean() ? null : "0000:65:00.0",
                random.nextBoolean() ? null : "/dev/dri/renderD128",
                random.nextBoolean());
    }

    private static Usage usage(Random random) {
        return new Usage(
                random.nextInt(4) == 0 ? 0 : random.nextDouble() * Math.pow(10, random.nextInt(9)),
                random.nextLong(Long.MAX_VALUE),
                random.nextLong(Long.MAX_VALUE),
                random.nextLong(Long.MAX_VALUE),
                random.nextLong(Long.MAX_VALUE),
                random.nextLong(Long.MAX_VALUE));
    }

    private static String without(String json, String... fields) throws IOException {
        JsonNode tree = new ObjectMapper().readTree(json);
        for (String field : fields) {
            assertThat(tree.findParents(field)).as(field).isNotEmpty();
            tree.findParents(field).forEach(parent -> ((ObjectNode) parent).remove(field));
        }
        return tree.toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    "gpus":\\[                 | "gpus":[7,              | /gpus must be an array of objects
                    "gpus":\\[                 | "gpus":7,"x":[          | /gpus must be an array of objects
                    "vendor":"nvidia"         | "vendor":"acme"         | /gpus/0/vendor must be a known name
                    "memoryBytes":[0-9]+      | "memoryBytes":"1"       | /gpus/0/memoryBytes must be a whole number
                    "outputs":\\[              | "outputs":[{},          | /outputs/0/name must be a text
                    "sha256":"[^"]*"          | "sha256":7              | /outputs/0/manifest/0/sha256 must be a text or null
                    "cpuSeconds":0.97         | "cpuSeconds":"1"        | /usage/cpuSeconds must be a number
                    """)
    void what_is_wrong_with_gpus_and_usage_is_named(String good, String bad, String message) {
        String body = text(CODEC.result(WireFixtures.result(), null)).replaceFirst(good, bad);

        assertThatThrownBy(() -> CODEC.readResult(WireFixtures.message(body)))
                .isInstanceOf(WireException.class)
                .hasMessage(message);
    }

    private static String text(Message message) {
        return new String(Objects.requireNonNull(message.value()), StandardCharsets.UTF_8);
    }
}
