package dev.longshore.job;

/**
 * The answer to what cannot be acted on.
 *
 * @param code the kind, for programs
 * @param field JSON pointer or parameter name of the part that is wrong, empty where it is the whole
 * @param message one line for people: what is wrong and which rule it breaks; control characters are already escaped
 */
public record Refusal(RefusalCode code, String field, String message) {
    /** Refuses nulls by name. */
    public Refusal {
        Checks.required(code, "code");
        Checks.required(field, "field");
        Checks.required(message, "message");
    }

    /** A refusal of the whole. */
    public static Refusal of(RefusalCode code, String message) {
        return new Refusal(code, "", message);
    }
}
