package dev.longshore.job;

/**
 * The name of one Longshore process on one Docker engine.
 *
 * @param value 1 to 64 letters, digits, {@code _} or {@code -}, starting with a letter or digit
 */
public record NodeId(String value) implements Comparable<NodeId> {
    /** Refuses what is not a valid id with an {@link IllegalArgumentException} that states the rule. */
    public NodeId {
        Checks.id(value, "nodeId");
    }

    /** Whether {@code value} could be made into an id. */
    public static boolean isValid(String value) {
        return Checks.ID.matcher(value).matches();
    }

    @Override
    public int compareTo(NodeId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
