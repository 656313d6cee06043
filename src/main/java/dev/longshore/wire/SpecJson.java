package dev.longshore.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.longshore.job.ExecutionRequest;

import java.nio.charset.StandardCharsets;

/** A start command for people to look at. Any thread. */
public final class SpecJson {
    private static final String HIDDEN = "***";

    private SpecJson() {}

    /**
     * The start command with its values normalised and defaults left out; values of environment
     * variables, contents of inline inputs and provision scripts, which may be secrets, are {@code
     * ***}.
     */
    public static String redacted(ExecutionRequest request) {
        ObjectNode tree = StartWriter.tree(request);
        if (tree.get("environment") instanceof ObjectNode environment) {
            environment.properties().forEach(one -> environment.put(one.getKey(), HIDDEN));
        }
        for (JsonNode input : tree.path("inputs")) {
            if (input instanceof ObjectNode object
                    && "inline".equals(input.path("type").asText())) {
                object.remove("contentBase64");
                object.put("content", HIDDEN);
            }
        }
        for (JsonNode script : tree.path("provision")) {
            ((ObjectNode) script).put("script", HIDDEN);
        }
        return new String(Json.bytes(tree), StandardCharsets.UTF_8);
    }
}
