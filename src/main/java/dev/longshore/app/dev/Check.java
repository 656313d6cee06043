package dev.longshore.app.dev;

import java.util.Objects;

/**
 * What the doctor found about one thing.
 *
 * @param name of the thing, one word
 * @param level how it is
 * @param detail what was found, one line
 * @param remedy what to do about it, may have several lines; empty where nothing is to be done
 */
public record Check(String name, Level level, String detail, String remedy) {
    /** Refuses nulls by name. */
    public Check {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(level, "level");
        Objects.requireNonNull(detail, "detail");
        Objects.requireNonNull(remedy, "remedy");
    }

    /** How a thing is. */
    public enum Level {
        /** As it should be. */
        OK,
        /** Something will not work, or not well. */
        WARN,
        /** Nothing will work. */
        FAIL
    }

    static Check ok(String name, String detail) {
        return new Check(name, Level.OK, detail, "");
    }

    static Check warn(String name, String detail, String remedy) {
        return new Check(name, Level.WARN, detail, remedy);
    }

    static Check fail(String name, String detail, String remedy) {
        return new Check(name, Level.FAIL, detail, remedy);
    }
}
