package dev.longshore.http;

import static dev.longshore.http.HttpFixture.newId;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;

import dev.longshore.board.Samples;
import dev.longshore.job.ExecutionId;
import dev.longshore.job.LogPosition;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

@Timeout(90)
class ContractIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> SCHEMAS =
            List.of("start", "control", "status", "result", "node");
    private static HttpFixture fixture;
    private static JsonNode document;

    @BeforeAll
    static void start() throws IOException {
        fixture = new HttpFixture();
        document = new YAMLMapper().readTree(fixture.get("/openapi.yaml").body());
    }

    @AfterAll
    static void stop() {
        fixture.close();
    }

    @Test
    void what_is_served_is_what_the_document_says_and_nothing_else() {
        Set<String> said = new TreeSet<>();
        document.path("paths")
                .properties()
                .forEach(
                        path ->
                                path.getValue()
                                        .fieldNames()
                                        .forEachRemaining(
                                                method ->
                                                        said.add(
                                                                method.toUpperCase(Locale.ROOT)
                                                                        + " "
                                                                        + path.getKey())));
        Set<String> served = new TreeSet<>(fixture.operations);
        // The page for people is no part of the contract.
        served.removeIf(one -> one.matches("[A-Z]+ (/web/.*|/|/index.html|/favicon.*)"));
        assertThat(served).isEqualTo(said);
    }

    @Test
    void answers_are_as_the_document_says() throws IOException {
        ExecutionId id = newId();
        LogPosition log = fixture.running(id);
        fixture.known(Samples.node("n-1", Samples.T0));
        String one = "/api/v1/executions/" + id;
        check("get", "/api/v1/executions", fixture.get("/api/v1/executions"));
        check("get", "/api/v1/executions/{id}", fixture.get(one));
        check("get", "/api/v1/executions/{id}/history", fixture.get(one + "/history"));
        check("get", "/api/v1/executions/{id}/result", fixture.get(one + "/result"));
        check("get", "/api/v1/nodes", fixture.get("/api/v1/nodes"));
        check("get", "/api/v1/nodes/{id}", fixture.get("/api/v1/nodes/n-1"));
        check("get", "/api/v1/nodes/{id}", fixture.get("/api/v1/nodes/none"));
        check("get", "/api/v1/kafka", fixture.get("/api/v1/kafka"));
        check("get", "/health/ready", fixture.get("/health/ready"));
        check("post", "/api/v1/executions", fixture.post("/api/v1/executions", "{}"));
        check(
                "post",
                "/api/v1/executions",
                fixture.post("/api/v1/executions", "{\"image\":\"busybox\"}"));
        check("post", "/api/v1/executions/{id}/cancel", fixture.post(one + "/cancel", ""));
        check("get", "/api/v1/executions", fixture.get("/api/v1/executions?limit=0"));
        check("get", "/api/v1/executions/{id}/logs", fixture.get(one + "/logs"));
        check("get", "/schemas/{name}", fixture.get("/schemas/status.v1.json"));
        check("get", "/schemas/{name}", fixture.get("/schemas/other.json"));
        check("get", "/asyncapi.yaml", fixture.get("/asyncapi.yaml"));
        check("get", "/metrics", fixture.get("/metrics"));
        check("get", "/api/v1/dead-letters", fixture.get("/api/v1/dead-letters"));
        check("get", "/api/v1/dead-letters", fixture.get("/api/v1/dead-letters?cursor=x"));
        check(
                "post",
                "/api/v1/dead-letters/{place}/replay",
                fixture.post("/api/v1/dead-letters/0-0/replay", ""));

        fixture.finish(id, log, 0, 0);
        check("get", "/api/v1/executions/{id}/result", fixture.get(one + "/result?wait=30s"));
        check("get", "/api/v1/executions/{id}", fixture.get(one));
        check("get", "/api/v1/executions/{id}/stats", fixture.get(one + "/stats"));
    }

    /** The status, the content type and, of JSON, the form. */
    private static void check(String method, String path, HttpResponse<String> response)
            throws IOException {
        String what = method + " " + path + " " + response.statusCode();
        JsonNode answer =
                document.path("paths")
                        .path(path)
                        .path(method)
                        .path("responses")
                        .path(String.valueOf(response.statusCode()));
        assertThat(answer.isMissingNode()).as(what).isFalse();
        if (answer.has("$ref")) {
            answer = document.at(answer.path("$ref").asText().substring(1));
        }
        String type =
                response.headers().firstValue("Content-Type").orElse("").split(";", 2)[0].strip();
        JsonNode content = answer.path("content").path(type);
        assertThat(content.isMissingNode()).as(what + " as " + type).isFalse();
        if (content.has("schema")) {
            ObjectNode schema = JSON.createObjectNode();
            schema.set("components", document.path("components"));
            schema.setAll((ObjectNode) content.path("schema"));
            schema.put("$id", "https://longshore.dev/openapi.yaml");
            ObjectNode own = schema.putObject("$defs");
            for (String name : SCHEMAS) {
                own.set(name, JSON.readTree(fixture.get("/schemas/" + name + ".v1.json").body()));
            }
            assertThat(
                            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                                    .getSchema(schema)
                                    .validate(JSON.readTree(response.body())))
                    .as(what + " " + response.body())
                    .isEmpty();
        }
    }
}
