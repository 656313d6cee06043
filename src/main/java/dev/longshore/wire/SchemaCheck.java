package dev.longshore.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;

import dev.longshore.job.RefusalCode;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Holds one object against one published schema; the first broken rule becomes a refusal that a
 * person can act on. Any thread.
 */
final class SchemaCheck {
    private final JsonNode document;
    private final Map<String, String> nested = new HashMap<>();
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
        document.path("properties")
                .properties()
                .forEach(
                        property ->
                                property.getValue()
                                        .path("properties")
                                        .fieldNames()
                                        .forEachRemaining(
                                                child ->
                                                        nested.put(
                                                                child,
                                                                property.getKey() + '/' + child)));
        schema =
                SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                        .getSchema(document);
    }

    /**
     * Returns if the object fits; otherwise a {@link RefusedException} names the field and the
     * rule.
     */
    void check(ObjectNode object) {
        refuseUnknown(object, document, "");
        refuseMissing(object);
        List<Error> errors =
                schema.validate(
                        object,
                        context -> context.executionConfig(config -> config.failFast(true)));
        if (!errors.isEmpty()) {
            throw refusal(errors.getFirst());
        }
    }

    /**
     * Before everything else, since a misspelt field is the likeliest reason for one that is
     * missing.
     */
    private void refuseUnknown(JsonNode value, JsonNode rules, String pointer) {
        for (int i = 0; value.isArray() && i < value.size(); i++) {
            refuseUnknown(value.path(i), rules.path("items"), pointer + '/' + i);
        }
        JsonNode known = rules.path("properties");
        boolean open = known.isMissingNode() || rules.path("additionalProperties").asBoolean(true);
        for (var member : value.properties()) {
            String name = member.getKey();
            if (!open && !known.has(name)) {
                Set<String> names = new TreeSet<>();
                known.fieldNames().forEachRemaining(names::add);
                throw FieldRules.unknown(pointer, name, names, nested);
            }
            if (member.getValue().isContainerNode()) {
                refuseUnknown(member.getValue(), below(rules, name), Quote.pointer(pointer, name));
            }
        }
    }

    private void refuseMissing(ObjectNode object) {
        for (JsonNode name : document.path("required")) {
            if (!object.has(name.asText())) {
                throw missing("", name.asText(), document);
            }
        }
    }

    private static RefusedException missing(String parent, String name, JsonNode rules) {
        String rule = rules.path("properties").path(name).path("description").asText();
        return new RefusedException(
                RefusalCode.MISSING_FIELD,
                Quote.pointer(parent, name),
                "this field is required: " + rule);
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
        if ("required".equals(error.getKeyword())) {
            return missing(pointer, error.getProperty(), rules);
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
        if (error.getEvaluationPath().toString().contains("/propertyNames")) {
            return "enum".equals(error.getKeyword())
                    ? "not a known name"
                    : "a name in it is empty or too long";
        }
        JsonNode found = error.getInstanceNode();
        String shown =
                found == null || FieldRules.secret(pointer) || found.isContainerNode()
                        ? ""
                        : shown(found);
        return switch (error.getKeyword()) {
            case "type" ->
                    found == null
                            ? "the wrong type"
                            : StrictJson.named(found) + " is not what goes here";
            case "maxItems", "maxProperties" -> "too many entries";
            case "minItems" -> "too few entries";
            case "maxLength" -> "too long";
            case "minLength" -> "must not be empty";
            case "minimum" -> shown + " is too small";
            case "maximum" -> shown + " is too large";
            case null, default -> shown.isEmpty() ? "not allowed" : shown + " is not allowed";
        };
    }

    private static String shown(JsonNode scalar) {
        return scalar.isTextual()
                ? Quote.of(scalar.textValue())
                : Quote.escaped(scalar.asText(), Quote.MOST);
    }
}
