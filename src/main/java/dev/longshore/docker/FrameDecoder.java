package dev.longshore.docker;

/**
 * Takes an engine's log stream apart into the engine's own records. Pure; belongs to one stream and
 * one thread.
 *
 * <p>Each record has a header of 8 bytes: the stream, three zeros, the length. A container with a
 * terminal has no headers: its records start with their timestamp, so the first byte tells the two
 * forms apart. (The content type does not before API 1.42.) Cuts may fall anywhere.
 */
final class FrameDecoder {
    /** Of the stream by which the engine says that it cannot read on. */
    static final int SYSTEM_ERROR = 3;

    private static final int HEADER = 8;

    /** The engine's records hold 16 KiB and a timestamp; what is far beyond is no log. */
    private static final int MOST_BYTES = 1 << 20;

    /** Where the engine cuts a line of a terminal. */
    private static final int RECORD_BYTES = 16 << 10;

    private byte[] held = new byte[64 << 10];
    private int from;
    private int to;
    private boolean raw;
    private boolean started;

    /** Takes one record; the bytes are only lent. */
    @FunctionalInterface
    interface Records {
        /**
         * A record in {@code bytes[from..to)} of stream {@code type}: 1 or 2, or {@link
         * #SYSTEM_ERROR}.
         */
        void record(int type, byte[] bytes, int from, int to);
    }

    /**
     * The next bytes of the stream.
     *
     * @throws IllegalStateException where they cannot be a log
     */
    void feed(byte[] bytes, Records out) {
        append(bytes);
        if (!started && from < to) {
            started = true;
            raw = held[from] > SYSTEM_ERROR;
        }
        if (raw) {
            rawRecords(out);
        } else {
            frames(out);
        }
        if (from == to) {
            from = 0;
            to = 0;
        }
    }

    /** The stream has ended: a terminal's last line may lack its newline. */
    void end(Records out) {
        if (raw && from < to) {
            out.record(1, held, from, to);
            from = to;
        }
    }

    /** Whether a frame has begun that is not complete: an end now is a break. */
    boolean insideFrame() {
        return !raw && from < to;
    }

    private void frames(Records out) {
        while (to - from >= HEADER) {
            int type = held[from];
            int length = length(from + 4);
            if (type < 0 || type > SYSTEM_ERROR || length < 0 || length > MOST_BYTES) {
                throw new IllegalStateException(
                        "not a log frame: type " + type + ", length " + length);
            }
            if (to - from - HEADER < length) {
                return;
            }
            out.record(Math.max(1, type), held, from + HEADER, from + HEADER + length);
            from += HEADER + length;
        }
    }

    private int length(int at) {
        return held[at] << 24
                | (held[at + 1] & 255) << 16
                | (held[at + 2] & 255) << 8
                | held[at + 3] & 255;
    }

    private void rawRecords(Records out) {
        int start = from;
        int payload = -1;
        for (int i = from; i < to; i++) {
            if (payload < 0 && held[i] == ' ') {
                payload = i + 1;
            }
            if (held[i] == '\n' || payload > 0 && i + 1 - payload == RECORD_BYTES) {
                out.record(1, held, start, i + 1);
                start = i + 1;
                payload = -1;
            }
        }
        from = start;
    }

    private void append(byte[] bytes) {
        if (to + bytes.length > held.length) {
            int rest = to - from;
            byte[] target =
                    rest + bytes.length > held.length
                            ? new byte[Integer.highestOneBit(rest + bytes.length) << 1]
                            : held;
            System.arraycopy(held, from, target, 0, rest);
            held = target;
            from = 0;
            to = rest;
        }
        System.arraycopy(bytes, 0, held, to, bytes.length);
        to += bytes.length;
    }
}
