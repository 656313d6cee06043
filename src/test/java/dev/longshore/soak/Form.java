package dev.longshore.soak;

/**
 * How long these tests take: in every build they take a small sample, with {@code -Psoak} all of
 * it. Single numbers can be given as system properties, whatever the form.
 */
final class Form {
    private static final boolean LONG = "long".equals(System.getProperty("soak.form"));

    private Form() {}

    static boolean isLong() {
        return LONG;
    }

    /** A number of the short form or of the long one, unless the property says another. */
    static int number(String property, int inShort, int inLong) {
        return Integer.getInteger(property, LONG ? inLong : inShort);
    }
}
