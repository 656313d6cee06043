package dev.longshore.job;

import java.util.Locale;

/** Which of a program's two output streams. Wire form: the name in lower case. */
public enum LogStream {
    /** Standard output. */
    STDOUT,
    /** Standard error. */
    STDERR;

    /** The name in messages. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
