package dev.longshore.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;

import dev.longshore.kafka.Topics;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

@DisplayName("The documents of REST and topics say what they may say, and what is true")
class ContractDocumentsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern IN_PATH = Pattern.compile("\\{([a-zA-Z]+)}");

    /** Beside the documents, wherever a node serves them: generators fetch them from there. */
    private static final String SCHEMAS = "schemas/";

    @Test
    void the_channels_are_the_topics_and_the_log_tail() throws IOException {
        Topics topics = Topics.withPrefix(Topics.DEFAULT_PREFIX);
        Map<String, String> addresses = new TreeMap<>();
        for (var channel : yaml("/asyncapi.yaml").path("channels").properties()) {
            addresses.put(channel.getKey(), channel.getValue().path("address").asText());
        }
        assertThat(addresses)
                .containsOnly(
                        Map.entry("jobs", topics.jobs()),
                        Map.entry("control", topics.control()),
                        Map.entry("status", topics.status()),
                        Map.entry("results", topics.results()),
                        Map.entry("logs", topics.logs()),
                        Map.entry("nodes", topics.nodes()),
                        Map.entry("deadLetters", topics.deadLetters()),
                        Map.entry("logTail", "/api/v1/executions/{id}/logs"));
    }

    @Test
    void what_the_golden_files_hold_fits_the_schema_that_its_channel_names() throws IOException {
        Map<String, String> channels =
                Map.of(
                        "start", "jobs",
                        "control", "control",
                        "status", "status",
                        "result", "results",
                        "node", "nodes");
        JsonNode document = yaml("/asyncapi.yaml");
        File golden = new File("src/test/resources/golden");
        int seen = 0;
        for (File message : Objects.requireNonNull(golden.listFiles())) {
            String kind = message.getName().replaceFirst("[-.].*", "");
            JsonNode messages =
                    document.at("/channels/" + channels.get(kind) + "/messages").iterator().next();
            String schema = messages.at("/payload/schema/$ref").asText();
            assertThat(schema).as(message.getName()).startsWith(SCHEMAS);
            String file = "/schemas/" + schema.substring(SCHEMAS.length());
            assertThat(schema(yaml(file)).validate(JSON.readTree(message)))
                    .as(message.getName())
                    .isEmpty();
            seen++;
        }
        assertThat(seen).isGreaterThan(10);
    }

    @Test
    void every_operation_is_on_a_channel_that_there_is() throws IOException {
        JsonNode document = yaml("/asyncapi.yaml");
        assertThat(refs(document, "#")).allSatisfy(ref -> resolves(document, ref));
        List<String> used = new ArrayList<>();
        document.path("operations").forEach(one -> used.add(one.at("/channel/$ref").asText()));
        assertThat(used)
                .hasSize(document.path("channels").size())
                .doesNotHaveDuplicates()
                .allSatisfy(ref -> resolves(document, ref));
    }

    @Test
    void the_document_of_rest_is_openapi_3_1() throws IOException {
        assertThat(schema(yaml("/openapi/schema.yaml")).validate(yaml("/openapi.yaml"))).isEmpty();
    }

    @Test
    void it_names_nothing_that_is_not_there_and_every_parameter_of_a_path() throws IOException {
        JsonNode document = yaml("/openapi.yaml");
        assertThat(refs(document, "#")).allSatisfy(ref -> resolves(document, ref));
        assertThat(refs(document, "http")).isEmpty();
        assertThat(refs(document, SCHEMAS))
                .isNotEmpty()
                .allSatisfy(
                        ref ->
                                assertThat(
                                                ContractDocumentsTest.class.getResource(
                                                        "/schemas/"
                                                                + ref.substring(SCHEMAS.length())))
                                        .as(ref)
                                        .isNotNull());
        List<String> ids = new ArrayList<>();
        List<String> tags = document.path("tags").findValuesAsText("name");
        for (var path : document.path("paths").properties()) {
            for (JsonNode operation : path.getValue()) {
                ids.add(operation.path("operationId").asText());
                operation.path("tags").forEach(tag -> assertThat(tags).contains(tag.asText()));
                assertThat(inPath(document, operation))
                        .as(path.getKey())
                        .containsExactlyInAnyOrderElementsOf(named(path.getKey()));
            }
        }
        assertThat(ids).doesNotHaveDuplicates().doesNotContain("");
    }

    private static List<String> named(String path) {
        Matcher each = IN_PATH.matcher(path);
        List<String> names = new ArrayList<>();
        while (each.find()) {
            names.add(each.group(1));
        }
        return names;
    }

    private static List<String> inPath(JsonNode document, JsonNode operation) {
        List<String> names = new ArrayList<>();
        for (JsonNode one : operation.path("parameters")) {
            JsonNode parameter =
                    one.has("$ref") ? document.at(one.path("$ref").asText().substring(1)) : one;
            if (parameter.path("in").asText().equals("path")) {
                names.add(parameter.path("name").asText());
            }
        }
        return names;
    }

    private static List<String> refs(JsonNode node, String prefix) {
        return node.findValuesAsText("$ref").stream()
                .filter(ref -> ref.startsWith(prefix))
                .toList();
    }

    private static void resolves(JsonNode document, String ref) {
        assertThat(document.at(ref.substring(1)).isMissingNode()).as(ref).isFalse();
    }

    private static Schema schema(JsonNode schema) {
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(schema);
    }

    private static JsonNode yaml(String path) throws IOException {
        try (InputStream file = ContractDocumentsTest.class.getResourceAsStream(path)) {
            return new YAMLMapper().readTree(Objects.requireNonNull(file, path));
        }
    }
}
