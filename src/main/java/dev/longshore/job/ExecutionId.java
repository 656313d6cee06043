package dev.longshore.job;

/**
 * The identity of one execution: Kafka key, container name and dedupe key at once.
 *
 * @param value 1 to 64 letters, digits, {@code _} or {@code -}, starting with a letter or digit
 */
public record ExecutionId(String value) implements Comparable<ExecutionId> {
    /** Refuses what is not a valid id with an {@link IllegalArgumentException} that states the rule. */
    public ExecutionId {
        Checks.id(value, "executionId");
    }

    /** Whether {@code value} could be made into an id. */
    public static boolean isValid(String value) {
        return Checks.ID.matcher(value).matches();
    }

    @Override
    public int compareTo(ExecutionId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
