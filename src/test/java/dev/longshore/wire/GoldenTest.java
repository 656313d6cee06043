package dev.longshore.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;

import dev.longshore.job.JobCommand;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

@DisplayName(
        "The messages that programs elsewhere rely on: what is written is what the golden files and"
                + " schemas say")
class GoldenTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final CommandCodec COMMANDS = new CommandCodec();
    private static final EventCodec EVENTS = new EventCodec();

    /** What is written now, by golden file. */
    private static Map<String, byte[]> written() {
        Map<String, byte[]> written = new TreeMap<>();
        written.put("start.json", COMMANDS.encode(WireFixtures.start()));
        written.put(
                "control-cancel.json",
                COMMANDS.encode(new JobCommand.Cancel(WireFixtures.ID, "not needed")));
        written.put("control-remove.json", COMMANDS.encode(new JobCommand.Remove(WireFixtures.ID)));
        written.put("control-pause.json", COMMANDS.encode(new JobCommand.Pause(WireFixtures.ID)));
        written.put("control-resume.json", COMMANDS.encode(new JobCommand.Resume(WireFixtures.ID)));
        written.put(
                "control-signal.json",
                COMMANDS.encode(new JobCommand.Signal(WireFixtures.ID, "SIGHUP")));
        written.put(
                "control-extend.json",
                COMMANDS.encode(new JobCommand.Extend(WireFixtures.ID, Duration.ofHours(2))));
        written.put("control-drain.json", COMMANDS.encode(new JobCommand.Drain(WireFixtures.NODE)));
        written.put(
                "control-undrain.json", COMMANDS.encode(new JobCommand.Undrain(WireFixtures.NODE)));
        written.put(
                "control-cleanup.json", COMMANDS.encode(new JobCommand.Cleanup(WireFixtures.NODE)));
        written.put(
                "control-prefetch.json",
                COMMANDS.encode(
                        new JobCommand.Prefetch(
                                WireFixtures.NODE, "busybox", "linux/amd64", "hub")));
        written.put("status-pulling.json", value(EVENTS.status(WireFixtures.pulling(), null)));
        written.put("status-running.json", value(EVENTS.status(WireFixtures.running(), null)));
        written.put("status-accepted.json", value(EVENTS.status(WireFixtures.accepted(), null)));
        written.put("result-oom.json", value(EVENTS.result(WireFixtures.result(), null)));
        written.put("result-rejected.json", value(EVENTS.result(WireFixtures.rejected(), null)));
        written.put("node-ready.json", value(EVENTS.node(WireFixtures.node())));
        return written;
    }

    @Test
    void what_is_written_is_what_the_golden_files_say() throws IOException {
        for (var message : written().entrySet()) {
            assertThat(new String(message.getValue(), StandardCharsets.UTF_8))
                    .as(message.getKey())
                    .isEqualTo(golden(message.getKey()));
        }
    }

    @Test
    void every_golden_file_fits_its_schema() throws IOException {
        for (String name : written().keySet()) {
            Schema schema = schema(name.replaceFirst("[-.].*", "") + ".v1.json");

            assertThat(schema.validate(MAPPER.readTree(golden(name)))).as(name).isEmpty();
        }
    }

    @Test
    void every_example_fits_its_schema_and_is_read() throws IOException {
        for (String name : Schemas.names()) {
            JsonNode document = MAPPER.readTree(Schemas.bytes(name));
            assertThat(document.path("$id").asText())
                    .isEqualTo("https://longshore.dev/schemas/" + name);
            assertThat(document.path("examples")).isNotEmpty();
            for (JsonNode example : document.path("examples")) {
                List<Error> errors = schema(name).validate(example);

                assertThat(errors).as(name).isEmpty();
                assertThat(read(name, WireFixtures.message(example.toString())))
                        .as(name)
                        .isNotNull();
            }
        }
    }

    @Test
    void schemas_refuse_what_is_missing_in_events() throws IOException {
        for (String name : List.of("status.v1.json", "result.v1.json", "node.v1.json")) {
            assertThat(schema(name).validate(MAPPER.createObjectNode())).as(name).isNotEmpty();
        }
    }

    private static Object read(String schema, Message message) {
        return switch (schema) {
            case "start.v1.json" -> command(COMMANDS.start(message, "t-0-0"));
            case "control.v1.json" -> command(COMMANDS.control(message));
            case "status.v1.json" -> EVENTS.readStatus(message);
            case "result.v1.json" -> EVENTS.readResult(message);
            default -> EVENTS.readNode(message);
        };
    }

    private static JobCommand command(Decoded decoded) {
        assertThat(decoded).isInstanceOf(Decoded.Command.class);
        return ((Decoded.Command) decoded).command();
    }

    private static Schema schema(String name) throws IOException {
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(MAPPER.readTree(Schemas.bytes(name)));
    }

    private static byte[] value(Message message) {
        return Objects.requireNonNull(message.value());
    }

    private static String golden(String name) throws IOException {
        try (InputStream file = GoldenTest.class.getResourceAsStream("/golden/" + name)) {
            assertThat(file).as(name).isNotNull();
            return new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8)
                    .strip();
        }
    }
}
