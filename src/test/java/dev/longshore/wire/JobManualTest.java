package dev.longshore.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.longshore.job.ExecutionRequest;
import dev.longshore.job.JobCommand;
import dev.longshore.job.Reason;
import dev.longshore.job.RefusalCode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code docs/job.md} tells producers is what the codec reads. */
class JobManualTest {
    private static final Path MANUAL = Path.of("docs", "job.md");
    private static final Pattern EXAMPLE = Pattern.compile("```json\n(.*?)```", Pattern.DOTALL);

    private final CommandCodec codec = new CommandCodec();

    @Test
    void the_example_is_a_command() throws IOException {
        Matcher example = EXAMPLE.matcher(Files.readString(MANUAL));
        assertThat(example.find()).isTrue();
        byte[] json = example.group(1).getBytes(StandardCharsets.UTF_8);
        Message record = new Message(null, json, List.of());

        assertThat(codec.start(record, "longshore.jobs-0-0"))
                .isInstanceOfSatisfying(
                        Decoded.Command.class,
                        decoded -> {
                            assertThat(decoded.command()).isInstanceOf(JobCommand.Start.class);
                            ExecutionRequest request =
                                    ((JobCommand.Start) decoded.command()).request();
                            assertThat(request.executionId().value()).isEqualTo("thumbnails-0007");
                            assertThat(request.files().inputs()).hasSize(3);
                            assertThat(request.retry().maxAttempts()).isEqualTo(3);
                        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"start.v1.json", "control.v1.json"})
    void every_field_is_named(String schema) throws IOException {
        Set<String> fields = new TreeSet<>();
        collect(new ObjectMapper().readTree(Schemas.bytes(schema)), fields);

        assertThat(fields).isNotEmpty().allSatisfy(JobManualTest::isNamed);
    }

    @ParameterizedTest
    @EnumSource(
            value = RefusalCode.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"NOT_FOUND", "INVALID_PARAMETER"}) // of HTTP only
    void every_code_is_named(RefusalCode code) throws IOException {
        isNamed(code.name());
    }

    @ParameterizedTest
    @EnumSource(Reason.class)
    void every_reason_is_named(Reason reason) throws IOException {
        isNamed(reason.wireName());
    }

    /** The names of all properties, and those of the commands, wherever they stand. */
    private static void collect(JsonNode schema, Set<String> fields) {
        schema.path("properties").fieldNames().forEachRemaining(fields::add);
        schema.path("$defs").fieldNames().forEachRemaining(fields::add);
        schema.forEach(child -> collect(child, fields));
    }

    private static void isNamed(String word) throws IOException {
        assertThat(Files.readString(MANUAL)).containsPattern("\\b" + Pattern.quote(word) + "\\b");
    }
}
