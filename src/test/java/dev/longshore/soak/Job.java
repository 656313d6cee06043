package dev.longshore.soak;

import dev.longshore.app.dev.ImageSetup;

/**
 * A job that says on its disk when it begins, prints numbered lines on both streams with pauses at
 * random, and ends in its own way.
 *
 * @param id of its execution
 * @param lines how many it prints on each stream
 * @param ending how it ends
 */
record Job(String id, int lines, Ending ending) {
    /** The volume that its containers share, and the file in it. */
    static final String VOLUME = "soak-starts";

    static final String STARTS = "starts";

    /** Who prints so many lines, prints them without a pause. */
    private static final int A_LOT = 5_000;

    /** How it ends. */
    enum Ending {
        /** Well. */
        SUCCEEDS(0, 1, "succeeded", "completed"),
        /** With exit code 3. */
        FAILS(3, 1, "failed", "non_zero_exit"),
        /** Well, with an output. */
        WRITES_AN_OUTPUT(0, 1, "succeeded", "completed"),
        /** With exit code 3 at first, well on the second attempt. */
        SUCCEEDS_AT_THE_SECOND_ATTEMPT(0, 2, "succeeded", "completed"),
        /** Well, and is tried again where its engine takes it down. */
        IS_TRIED_AGAIN_WHEN_LOST(0, 1, "succeeded", "completed");

        private final int exitCode;
        private final int attempts;
        private final String state;
        private final String reason;

        Ending(int exitCode, int attempts, String state, String reason) {
            this.exitCode = exitCode;
            this.attempts = attempts;
            this.state = state;
            this.reason = reason;
        }
    }

    int exitCode() {
        return ending.exitCode;
    }

    int attempts() {
        return ending.attempts;
    }

    String state() {
        return ending.state;
    }

    String reason() {
        return ending.reason;
    }

    /** Its start command. */
    String json() {
        String on =
                switch (ending) {
                    case SUCCEEDS_AT_THE_SECOND_ATTEMPT -> "non_zero_exit";
                    case IS_TRIED_AGAIN_WHEN_LOST -> "infra_lost";
                    default -> "";
                };
        String retry =
                on.isEmpty()
                        ? ""
                        : ",\"retry\":{\"maxAttempts\":10,\"on\":[\""
                                + on
                                + "\"],\"backoff\":\"500ms\"}";
        String outputs =
                ending == Ending.WRITES_AN_OUTPUT
                        ? ",\"outputs\":[{\"name\":\"out\",\"target\":\"/out\"}]"
                        : "";
        return ("{\"image\":\"%s\",\"command\":[\"sh\",\"-c\",\"%s\"],"
                        + "\"resources\":{\"cpu\":0.3,\"memory\":\"32MiB\"},"
                        + "\"inputs\":[{\"type\":\"volume\",\"source\":\"%s\","
                        + "\"target\":\"/starts\",\"readOnly\":false}]%s%s}")
                .formatted(
                        ImageSetup.IMAGE,
                        script().replace("\\", "\\\\").replace("\"", "\\\""),
                        VOLUME,
                        retry,
                        outputs);
    }

    private String script() {
        String begin = "echo \"start " + id + " $(hostname)\" >> /starts/" + STARTS + "; ";
        String print =
                "i=0; while [ $i -lt "
                        + lines
                        + " ]; do echo \"o $i\"; echo \"e $i\" >&2; i=$((i+1));"
                        + (lines < A_LOT ? " usleep $((RANDOM * 3));" : "")
                        + " done; ";
        return begin
                + print
                + switch (ending) {
                    case SUCCEEDS, IS_TRIED_AGAIN_WHEN_LOST -> "exit 0";
                    case FAILS -> "exit 3";
                    case WRITES_AN_OUTPUT -> "echo " + id + " > /out/file";
                    case SUCCEEDS_AT_THE_SECOND_ATTEMPT ->
                            "[ $(grep -c \"^start "
                                    + id
                                    + " \" /starts/"
                                    + STARTS
                                    + ") -ge 2 ]"
                                    + " || exit 3";
                };
    }
}
