package dev.longshore.job;

/**
 * The name of the job that an execution belongs to; several executions may share it.
 *
 * @param value 1 to 64 letters, digits, {@code _} or {@code -}, starting with a letter or digit
 */
public record JobId(String value) implements Comparable<JobId> {
    /** Refuses what is not a valid id with an {@link IllegalArgumentException} that states the rule. */
    public JobId {
        Checks.id(value, "jobId");
    }

    /** Whether {@code value} could be made into an id. */
    public static boolean isValid(String value) {
        return Checks.ID.matcher(value).matches();
    }

    @Override
    public int compareTo(JobId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
