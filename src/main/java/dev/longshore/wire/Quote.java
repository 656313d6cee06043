package dev.longshore.wire;

/** Makes foreign text fit to be shown in one line: never long, never with characters that could play tricks. Any thread. */
final class Quote {
    /** The most characters of foreign text that are shown, whatever the escapes make of them. */
    static final int MOST = 60;

    private static final int MOST_OF_A_NAME = 50;

    private Quote() {}

    /** The text in quotes, cut and escaped. */
    static String of(String text) {
        return '"' + escaped(text, MOST) + '"';
    }

    /** A pointer to a member of the object at {@code parent} (RFC 6901); long names are cut, odd characters escaped. */
    static String pointer(String parent, String name) {
        return parent + '/' + escaped(name.replace("~", "~0").replace("/", "~1"), MOST_OF_A_NAME);
    }

    /** The text cut to so many characters, its control, format and unpaired characters as Unicode escapes. */
    static String escaped(String text, int most) {
        StringBuilder shown = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            int point = text.codePointAt(at);
            String piece = harmless(point) ? Character.toString(point) : escape(point);
            if (shown.length() + piece.length() > most) {
                return shown.append('…').toString();
            }
            shown.append(piece);
            at += Character.charCount(point);
        }
        return shown.toString();
    }

    private static boolean harmless(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    private static String escape(int point) {
        return switch (point) {
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default -> String.format("\\u%04x", point);
        };
    }
}
