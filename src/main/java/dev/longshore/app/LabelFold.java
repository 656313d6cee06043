package dev.longshore.app;

import java.util.ArrayList;
import java.util.List;

/**
 * Makes {@code node.labels}, a mapping in the file, into the one text that environment and command
 * line use: {@code zone=a,disk=ssd}. Any thread.
 */
final class LabelFold {
    private static final String PREFIX = Keys.NODE_LABELS.name() + ".";

    private LabelFold() {}

    /** The same values, with one {@code node.labels} in place of its parts. */
    static List<Given> fold(List<Given> given) {
        List<Given> folded = new ArrayList<>();
        List<String> labels = new ArrayList<>();
        String origin = "";
        for (Given one : given) {
            if (!one.key().startsWith(PREFIX)) {
                folded.add(one);
                continue;
            }
            String value = one.value() == null ? "" : one.value();
            if (value.contains(",")) {
                folded.add(one); // refused further on, under its own name
                continue;
            }
            origin = labels.isEmpty() ? one.origin() : origin;
            labels.add(one.key().substring(PREFIX.length()) + "=" + value);
        }
        if (!labels.isEmpty()) {
            folded.add(new Given(Keys.NODE_LABELS.name(), String.join(",", labels), origin));
        }
        return folded;
    }
}
