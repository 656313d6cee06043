package dev.longshore.job;

import org.jspecify.annotations.Nullable;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a start command stands: as text, {@code <topic>-<partition>-<offset>}, it is kept with the
 * container, so that a later life of the node can read the command again.
 *
 * @param topic the topic of start commands
 * @param partition its partition
 * @param offset its offset there
 */
public record CommandPosition(String topic, int partition, long offset) {
    /** The numbers are the last two parts; a topic's name may hold {@code -} and {@code .} too. */
    private static final Pattern FORM = Pattern.compile("(.+)-([0-9]{1,10})-([0-9]{1,19})");

    /** Refuses negative numbers and a topic without a name. */
    public CommandPosition {
        Checks.required(topic, "topic");
        if (topic.isEmpty()) {
            throw new IllegalArgumentException("topic must not be empty");
        }
        Checks.atLeast(0, partition, "partition");
        Checks.atLeast(0, offset, "offset");
    }

    /**
     * Reads what {@link #toString()} wrote; an {@link IllegalArgumentException} that states the
     * form where it is anything else.
     */
    public static CommandPosition parse(String text) {
        Matcher parts = FORM.matcher(Checks.required(text, "text"));
        if (!parts.matches()) {
            throw notOfThisForm(text, null);
        }
        try {
            return new CommandPosition(
                    parts.group(1),
                    Integer.parseInt(parts.group(2)),
                    Long.parseLong(parts.group(3)));
        } catch (NumberFormatException tooLarge) {
            throw notOfThisForm(text, tooLarge);
        }
    }

    /** {@code <topic>-<partition>-<offset>}. */
    @Override
    public String toString() {
        return topic + '-' + partition + '-' + offset;
    }

    private static IllegalArgumentException notOfThisForm(
            String text, @Nullable NumberFormatException cause) {
        return new IllegalArgumentException(
                "a command's position is <topic>-<partition>-<offset>, not '" + text + "'", cause);
    }
}
