package dev.longshore.http;

import java.util.Objects;

/**
 * One thing that has to be well before this node is ready.
 *
 * @param name what, such as {@code engine}
 * @param up whether it is well
 * @param detail one line for people, empty where there is nothing to say
 * @param vital whether the process is of no use without, and should be started again
 */
public record HealthCheck(String name, boolean up, String detail, boolean vital) {
    /** Of one that may become well by itself. */
    public HealthCheck(String name, boolean up, String detail) {
        this(name, up, detail, false);
    }

    /** Refuses nulls by name. */
    public HealthCheck {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(detail, "detail");
    }
}
