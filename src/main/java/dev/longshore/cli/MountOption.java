package dev.longshore.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.Locale;

/**
 * The value of {@code --mount}, in the form that Docker's own has: {@code
 * type=bind,source=/data,target=/in,readonly=false}. A mount is read-only unless it says otherwise.
 * Any thread.
 */
final class MountOption {
    private MountOption() {}

    /** Reads the option into an input of a start command. */
    static void put(String option, ObjectNode input) {
        for (String part : option.split(",", -1)) {
            int equals = part.indexOf('=');
            String key = (equals < 0 ? part : part.substring(0, equals)).toLowerCase(Locale.ROOT);
            String value = equals < 0 ? "" : part.substring(equals + 1);
            String field =
                    switch (key) {
                        case "type" -> "type";
                        case "source", "src" -> "source";
                        case "target", "dst", "destination" -> "target";
                        case "readonly", "ro" -> "readOnly";
                        default ->
                                throw usage(
                                        option,
                                        "has type, source, target and readonly, no '" + key + "'");
                    };
            if (input.has(field)) {
                throw usage(option, "has " + key + " twice");
            }
            if (field.equals("readOnly")) {
                input.put(field, flag(option, equals < 0 ? "true" : value));
            } else if (value.isEmpty()) {
                throw usage(option, "needs a value for " + key);
            } else {
                input.put(field, value);
            }
        }
        if (!input.has("type")) {
            input.put("type", input.path("source").asText().startsWith("/") ? "bind" : "volume");
        }
    }

    private static boolean flag(String option, String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "true", "1" -> true;
            case "false", "0" -> false;
            default -> throw usage(option, "needs readonly=true or readonly=false");
        };
    }

    private static CliFailure usage(String option, String problem) {
        return new CliFailure(ExitCodes.USAGE, "--mount " + problem + ": '" + option + "'");
    }
}
