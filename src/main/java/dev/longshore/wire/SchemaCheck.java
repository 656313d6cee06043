package dev.longshore.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.OutputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.longshore.job.RefusalCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Holds one object against one published schema; the first broken rule becomes a refusal that a person can act on. Any
 * thread.
 */
final class SchemaCheck {
    private final JsonNode document;
    private final Schema schema;

    /**
     * Loads a schema.
     *
     * @param name file name of the schema
     * @param definition name of one of its {@code $defs}, or null for the whole
     */
    SchemaCheck(String name, @Nullable String definition) {
        try {
            JsonNode whole = new ObjectMapper().readTree(Schemas.bytes(name));
            document = definition == null ? whole : whole.path("$defs").path(definition);
        } catch (IOException e) {
            throw new UncheckedIOException("reading schema " + name, e);
        }
        schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(document);
    }

    /** Returns if the object fits; otherwise a {@link RefusedException} names the field and the rule. */
    void check(ObjectNode object) {
        refuseUnknown(object, document, "");
        refuseMissing(object);
        List<Error> errors = schema.validate(
                object, context -> context.executionConfig(config -> config.failFast(true)));
        if (!errors.isEmpty()) {
            throw refusal(errors.getFirst());
        }
    }

    /** Before everything else, since a misspelt field is the likeliest reason for one that is missing. */
    private void refuseUnknown(ObjectNode object, JsonNode rules, String pointer) {
        JsonNode known = rules.path("properties");
        if (known.isMissingNode() || rules.path("additionalProperties").asBoolean(true)) {
            return;
        }
        Set<String> names = new TreeSet<>();
        known.fieldNames().forEachRemaining(names::add);
        for (var member : object.properties()) {
            JsonNode rule = known.get(member.getKey());
            if (rule == null) {
                throw FieldRules.unknown(pointer, member.getKey(), names);
            }
            if (member.getValue() instanceof ObjectNode child) {
                refuseUnknown(child, rule, pointer + '/' + member.getKey());
            }
        }
    }

    private void refuseMissing(ObjectNode object) {
        for (JsonNode name : document.path("required")) {
            if (!object.has(name.asText())) {
                String rule = document.path("properties").path(name.asText()).path("description").asText();
                throw new RefusedException(
                        RefusalCode.MISSING_FIELD, '/' + name.asText(), "this field is required: " + rule);
            }
        }
    }

    private RefusedException refusal(Error error) {
        List<String> path = new ArrayList<>();
        for (int i = 0; i < error.getInstanceLocation().getNameCount(); i++) {
            path.add(String.valueOf(error.getInstanceLocation().getElement(i)));
        }
        String pointer = "";
        JsonNode rules = document;
        for (String name : path) {
            pointer = Quote.pointer(pointer, name);
            rules = below(rules, name);
        }
        String expected = rules.path("description").asText();
        return new RefusedException(
                FieldRules.codeOf(pointer),
                pointer,
                problem(error, pointer) + (expected.isEmpty() ? "" : "; expected " + expected));
    }

    private static JsonNode below(JsonNode rules, String name) {
        JsonNode property = rules.path("properties").path(name);
        if (!property.isMissingNode()) {
            return property;
        }
        return rules.has("items") ? rules.path("items") : rules.path("additionalProperties");
    }

    private static String problem(Error error, String pointer) {
        JsonNode found = error.getInstanceNode();
        String shown = found == null || FieldRules.secret(pointer) || found.isContainerNode() ? "" : shown(found);
        return switch (error.getKeyword()) {
            case "type" -> found == null ? "the wrong type" : StrictJson.named(found) + " is not what goes here";
            case "maxItems", "maxProperties" -> "too many entries";
            case "maxLength" -> "too long";
            case "minLength" -> "must not be empty";
            case "minimum" -> shown + " is too small";
            case "maximum" -> shown + " is too large";
            case null, default -> shown.isEmpty() ? "not allowed" : shown + " is not allowed";
        };
    }

    private static String shown(JsonNode scalar) {
        return scalar.isTextual() ? Quote.of(scalar.textValue()) : Quote.escaped(scalar.asText(), Quote.MOST);
    }
}
