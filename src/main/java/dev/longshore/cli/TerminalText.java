package dev.longshore.cli;

/**
 * Makes what a job printed safe to show on a terminal: of all control characters and escape
 * sequences only colours (SGR) and tabs are left, so that no job can move the cursor, set the
 * title, write the clipboard or make the terminal answer. Stateless: an escape sequence that its
 * line does not finish is dropped.
 */
final class TerminalText {
    private static final char ESC = 0x1b;
    private static final char CSI = 0x9b;
    private static final String RESET = ESC + "[0m";

    private TerminalText() {}

    /** The safe form of one line; a carriage return within it becomes a line break. */
    static String safe(String line) {
        if (line.chars().noneMatch(TerminalText::isControl)) {
            return line;
        }
        StringBuilder safe = new StringBuilder(line.length());
        boolean coloured = false;
        int at = 0;
        while (at < line.length()) {
            char c = line.charAt(at);
            if (c == ESC || c == CSI || isStringOpener(c)) {
                int end = endOfSequence(line, at);
                if (isColour(line, at, end)) {
                    String colour = line.substring(c == ESC ? at + 2 : at + 1, end);
                    safe.append(ESC).append('[').append(colour);
                    coloured = !colour.equals("m") && !colour.equals("0m");
                }
                at = end;
                continue;
            }
            if (c == '\r') {
                safe.append(at + 1 < line.length() ? "\n" : "");
            } else if (!isControl(c) || c == '\t') {
                safe.append(c);
            }
            at++;
        }
        // A colour ends with its line: what comes next is somebody else's.
        return coloured ? safe.append(RESET).toString() : safe.toString();
    }

    private static boolean isControl(int c) {
        return c < 0x20 || c >= 0x7f && c < 0xa0;
    }

    /**
     * The 8-bit forms of DCS, SOS, OSC, PM and APC: what follows is for the terminal until a
     * terminator.
     */
    private static boolean isStringOpener(char c) {
        return c == 0x90 || c == 0x98 || c >= 0x9d && c <= 0x9f;
    }

    /** The index behind the sequence that starts at {@code start}, or the end of the line. */
    private static int endOfSequence(String line, int start) {
        char opener = line.charAt(start);
        int at = start + 1;
        if (opener == ESC) {
            if (at >= line.length()) {
                return at;
            }
            char kind = line.charAt(at);
            at++;
            if ("PX]^_".indexOf(kind) >= 0) {
                return endOfString(line, at);
            }
            if (kind != '[') {
                // ESC, then intermediates, then one final character.
                at--;
                while (at < line.length() && line.charAt(at) >= 0x20 && line.charAt(at) <= 0x2f) {
                    at++;
                }
                return Math.min(at + 1, line.length());
            }
        } else if (opener != CSI) {
            return endOfString(line, at);
        }
        while (at < line.length() && line.charAt(at) >= 0x20 && line.charAt(at) <= 0x3f) {
            at++;
        }
        return Math.min(at + 1, line.length());
    }

    private static int endOfString(String line, int from) {
        for (int at = from; at < line.length(); at++) {
            char c = line.charAt(at);
            if (c == 0x07 || c == 0x9c) {
                return at + 1;
            }
            if (c == ESC && at + 1 < line.length() && line.charAt(at + 1) == '\\') {
                return at + 2;
            }
        }
        return line.length();
    }

    private static boolean isColour(String line, int start, int end) {
        int parameters = line.charAt(start) == CSI ? start + 1 : start + 2;
        boolean isCsi =
                line.charAt(start) == CSI
                        || start + 1 < line.length() && line.charAt(start + 1) == '[';
        if (!isCsi || end <= parameters || line.charAt(end - 1) != 'm') {
            return false;
        }
        return line.substring(parameters, end - 1)
                .chars()
                .allMatch(c -> c >= '0' && c <= '9' || c == ';' || c == ':');
    }
}
