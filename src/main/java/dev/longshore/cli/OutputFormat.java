package dev.longshore.cli;

/** How a command prints what it has to say. */
enum OutputFormat {
    /** For people. */
    TEXT,
    /** For programs: JSON, one value a line where there are several. */
    JSON
}
