package dev.longshore.app;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Makes a setting that is a mapping in the file into the one text that environment and command line
 * use: {@code node.labels} into {@code zone=a,disk=ssd}. Any thread.
 */
final class MappingFold {
    private MappingFold() {}

    /** The same values, with one in place of the parts of each setting that is a mapping. */
    static List<Given> fold(List<Given> given) {
        List<Given> labels = fold(given, Keys.NODE_LABELS, name -> true);
        return fold(labels, Keys.DOCKER_CREDENTIALS, CredentialRule::isPart);
    }

    /** Parts that do not fit are left, to be refused further on under their own names. */
    private static List<Given> fold(List<Given> given, Key<?> key, Predicate<String> fits) {
        String prefix = key.name() + ".";
        List<Given> folded = new ArrayList<>();
        List<String> pairs = new ArrayList<>();
        String origin = "";
        for (Given one : given) {
            String value = one.value() == null ? "" : one.value();
            boolean part =
                    one.key().startsWith(prefix)
                            && !value.contains(",")
                            && fits.test(one.key().substring(prefix.length()));
            if (!part) {
                folded.add(one);
                continue;
            }
            origin = pairs.isEmpty() ? one.origin() : origin;
            pairs.add(one.key().substring(prefix.length()) + "=" + value);
        }
        if (!pairs.isEmpty()) {
            folded.add(new Given(key.name(), String.join(",", pairs), origin));
        }
        return folded;
    }
}
