package dev.longshore.cli;

import org.jspecify.annotations.Nullable;

/**
 * Which lines of a log.
 *
 * @param tail how many of the last lines first, a number or {@code all}; null for the node's
 *     default
 * @param after only lines behind this one, {@code <attempt>-<number>} or only the number; null for
 *     all
 * @param since only lines from this time on: RFC 3339, epoch seconds or {@code 10m}
 * @param until only lines up to this time
 * @param stream {@code stdout} or {@code stderr}; null for both
 * @param attempt which attempt; null for all
 */
record LogQuery(
        @Nullable String tail,
        @Nullable String after,
        @Nullable String since,
        @Nullable String until,
        @Nullable String stream,
        @Nullable Integer attempt) {
    /** Everything. */
    static final LogQuery ALL = new LogQuery("all", null, null, null, null, null);

    /** What is left to read once this line was read. */
    LogQuery following(int ofAttempt, long seq) {
        String place = ofAttempt > 0 ? ofAttempt + "-" + seq : Long.toString(seq);
        return new LogQuery(null, place, null, until, stream, attempt);
    }

    /** The query string, without a question mark. */
    String query(boolean follow) {
        StringBuilder query = new StringBuilder("follow=" + follow);
        add(query, "tail", tail);
        add(query, "after", after);
        add(query, "since", since);
        add(query, "until", until);
        add(query, "stream", stream);
        add(query, "attempt", attempt);
        return query.toString();
    }

    private static void add(StringBuilder query, String name, @Nullable Object value) {
        if (value != null) {
            query.append('&').append(name).append('=').append(ApiClient.encoded(value.toString()));
        }
    }
}
