package dev.longshore.docker;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Compares what a follow had read last with the last records of the engine's file. Pure; one
 * thread.
 *
 * <p>Docker 20.10 ends a follow at the container's exit, and calls that the end, without the
 * records that it had not come to: the last one where it lacks its newline, and everything that a
 * slow reader had still to take.
 */
final class LogTail {
    /** How many records to ask for; a reader that kept up misses one or none. */
    static final int RECORDS = 32;

    private final List<byte[]> tail = new ArrayList<>();
    private byte[] last = new byte[0];
    private int length;

    /** A record was read: remembers it in place of the one before. */
    void read(int type, byte[] bytes, int from, int to) {
        length = 1 + to - from;
        if (last.length < length) {
            last = new byte[Math.max(256, 2 * length)];
        }
        last[0] = (byte) type;
        System.arraycopy(bytes, from, last, 1, to - from);
    }

    void clear() {
        length = 0;
        tail.clear();
    }

    /** A record of the file's tail. */
    void add(int type, byte[] bytes, int from, int to) {
        byte[] record = new byte[1 + to - from];
        record[0] = (byte) type;
        System.arraycopy(bytes, from, record, 1, to - from);
        tail.add(record);
    }

    /**
     * Gives the records of the tail that had not been read; false where the tail does not tell:
     * because more are missing than it holds, or because two of it are equal, as pieces of one long
     * line may be.
     */
    boolean giveMissing(FrameDecoder.Records out) {
        int at = -1;
        if (length > 0) {
            for (int i = 0; i < tail.size(); i++) {
                byte[] record = tail.get(i);
                if (Arrays.equals(record, 0, record.length, last, 0, length)) {
                    if (at >= 0) {
                        return false;
                    }
                    at = i;
                }
            }
            if (at < 0) {
                return false;
            }
        } else if (tail.size() >= RECORDS) {
            return false;
        }
        for (byte[] record : tail.subList(at + 1, tail.size())) {
            out.record(record[0], record, 1, record.length);
        }
        return true;
    }
}
