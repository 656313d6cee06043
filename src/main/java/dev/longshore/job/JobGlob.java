package dev.longshore.job;

import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Which jobs somebody may see: an id in which {@code *} stands for any characters. Any thread.
 *
 * @param pattern letters, digits, {@code _}, {@code -} and {@code *}, 1 to 64 of them
 */
public record JobGlob(String pattern) {
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_*-]{1,64}");

    /** Refuses what is no such pattern. */
    public JobGlob {
        Objects.requireNonNull(pattern, "pattern");
        if (!FORM.matcher(pattern).matches()) {
            throw new IllegalArgumentException(
                    "pattern must be 1 to 64 letters, digits, '_', '-' or '*'");
        }
    }

    /** Whether this job is one of them. */
    public boolean matches(JobId job) {
        return matches(job.value());
    }

    /** Two marks instead of a regular expression: no pattern takes long. */
    private boolean matches(String text) {
        int at = 0;
        int in = 0;
        int star = -1;
        int retry = 0;
        while (at < text.length()) {
            if (in < pattern.length() && pattern.charAt(in) == '*') {
                star = in++;
                retry = at;
            } else if (in < pattern.length() && pattern.charAt(in) == text.charAt(at)) {
                in++;
                at++;
            } else if (star >= 0) {
                in = star + 1;
                at = ++retry;
            } else {
                return false;
            }
        }
        while (in < pattern.length() && pattern.charAt(in) == '*') {
            in++;
        }
        return in == pattern.length();
    }
}
