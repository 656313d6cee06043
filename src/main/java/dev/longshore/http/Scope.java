package dev.longshore.http;

/** What a token lets its bearer do. Each of the others includes {@link #READ}. */
public enum Scope {
    /** Look at executions, logs, results and outputs. */
    READ,
    /** Start executions and send commands to them. */
    WRITE,
    /** Run commands in containers, where the policy allows it at all. */
    EXEC,
    /** Everything: also commands to nodes, and refused records. */
    ADMIN;

    /** The name in a tokens file. */
    String fileName() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
