package dev.longshore.wire;

import dev.longshore.job.RefusalCode;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a schema can't say about the texts of a start command: the engine and the kernel behind it
 * must be able to take them. Any thread; a broken rule is a {@link RefusedException}.
 */
final class StartRules {
    /**
     * The kernel's limit on one word or variable with its closing NUL (MAX_ARG_STRLEN, execve(2)).
     */
    static final int MOST_WORD_BYTES = (128 << 10) - 1;

    /** All words, and all variables, in bytes. */
    static final int MOST_TOTAL_BYTES = 512 << 10;

    /** A path, in characters (PATH_MAX). */
    static final int MOST_PATH = 4096;

    private static final int MOST_WORDS = 10_000;
    private static final int MOST_LABEL_BYTES = 4096;
    private static final int MOST_LABELS_BYTES = 64 << 10;

    private static final List<String> RESERVED_PREFIXES =
            List.of(
                    "dev.longshore.",
                    "com.docker.",
                    "io.docker.",
                    "org.dockerproject.",
                    "io.containerd.",
                    "desktop.",
                    "com.hashicorp.nomad.");

    private StartRules() {}

    static void checkWords(List<String> entrypoint, List<String> command) {
        if (entrypoint.size() + command.size() > MOST_WORDS) {
            throw words("/command", "more than " + MOST_WORDS + " words");
        }
        long total = wordBytes("/entrypoint", entrypoint) + wordBytes("/command", command);
        if (total > MOST_TOTAL_BYTES) {
            throw words(
                    "/command", "all words together have more than " + MOST_TOTAL_BYTES + " bytes");
        }
    }

    private static long wordBytes(String pointer, List<String> list) {
        long total = 0;
        for (int i = 0; i < list.size(); i++) {
            String word = list.get(i);
            int bytes = utf8(word);
            if (bytes > MOST_WORD_BYTES) {
                throw words(
                        pointer + '/' + i, "a word may have at most " + MOST_WORD_BYTES + " bytes");
            }
            if (word.indexOf('\0') >= 0) {
                throw words(pointer + '/' + i, "a word must not hold the character NUL");
            }
            total += bytes;
        }
        return total;
    }

    static void checkEnvironment(Map<String, String> environment) {
        long total = 0;
        for (var variable : environment.entrySet()) {
            String name = variable.getKey();
            String pointer = Quote.pointer("/environment", name);
            checkVariable(name, pointer);
            if (variable.getValue().indexOf('\0') >= 0) {
                throw environment(pointer, "a variable's value must not hold the character NUL");
            }
            int bytes = utf8(name) + 1 + utf8(variable.getValue());
            if (bytes > MOST_WORD_BYTES) {
                throw environment(
                        pointer,
                        "a variable may have at most " + MOST_WORD_BYTES + " bytes, name included");
            }
            total += bytes;
        }
        if (total > MOST_TOTAL_BYTES) {
            throw environment(
                    "/environment",
                    "all variables together have more than " + MOST_TOTAL_BYTES + " bytes");
        }
    }

    /** The name of a variable, which stands there. */
    static void checkVariable(String name, String pointer) {
        if (name.isEmpty() || name.chars().anyMatch(c -> c == '=' || c < ' ' || c == 0x7f)) {
            throw environment(
                    pointer,
                    "a variable's name must not be empty nor hold '=', NUL or a line break");
        }
    }

    static void checkLabels(Map<String, String> labels) {
        long total = 0;
        for (var label : labels.entrySet()) {
            String name = label.getKey();
            String pointer = Quote.pointer("/labels", name);
            for (String prefix : RESERVED_PREFIXES) {
                if (name.toLowerCase(Locale.ROOT).startsWith(prefix)) {
                    throw new RefusedException(
                            RefusalCode.RESERVED_LABEL,
                            pointer,
                            "labels under " + prefix + " are not the producer's");
                }
            }
            if (name.isEmpty() || holdsControl(name) || holdsControl(label.getValue())) {
                throw new RefusedException(
                        RefusalCode.INVALID_LABEL,
                        pointer,
                        "a label must not be unnamed nor hold control characters");
            }
            int bytes = utf8(label.getValue());
            if (bytes > MOST_LABEL_BYTES) {
                throw new RefusedException(
                        RefusalCode.INVALID_LABEL,
                        pointer,
                        "a label's value may have at most " + MOST_LABEL_BYTES + " bytes");
            }
            total += utf8(name) + (long) bytes;
        }
        if (total > MOST_LABELS_BYTES) {
            throw new RefusedException(
                    RefusalCode.INVALID_LABEL,
                    "/labels",
                    "all labels together have more than " + MOST_LABELS_BYTES + " bytes");
        }
    }

    /** Whether the text holds a control character, a NUL or a line break among them. */
    static boolean holdsControl(String text) {
        return text.chars().anyMatch(Character::isISOControl);
    }

    /** Whether the path is absolute and names its place in only one way. */
    static boolean isNormalisedPath(String path) {
        if (!path.startsWith("/") || path.length() > MOST_PATH || holdsControl(path)) {
            return false;
        }
        return path.length() == 1
                || List.of(path.substring(1).split("/", -1)).stream()
                        .noneMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
    }

    private static int utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static RefusedException words(String pointer, String message) {
        return new RefusedException(RefusalCode.INVALID_COMMAND, pointer, message);
    }

    private static RefusedException environment(String pointer, String message) {
        return new RefusedException(RefusalCode.INVALID_ENV, pointer, message);
    }
}
