package dev.longshore.results;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * What a tar's reader may take for headers, which it keeps in memory whole: without a bound, a name
 * declared to have a gigabyte would be read until nothing is left. Read by one worker thread.
 */
final class HeaderGuard extends FilterInputStream {
    /** Names and attributes together, far beyond what a file system holds. */
    private static final long MOST_BYTES = 1 << 20;

    /** Each entry adds so much: headers can also be for all entries to come, and pile up. */
    private static final long EACH_BYTES = 8 << 10;

    private long left = MOST_BYTES;
    private boolean content;
    private long taken;

    HeaderGuard(InputStream tar) {
        super(tar);
    }

    /** The headers are longer than any engine writes. */
    static final class TooLong extends IOException {
        private static final long serialVersionUID = 1L;

        private TooLong() {
            super("it has headers of more than " + MOST_BYTES + " bytes");
        }
    }

    /** What follows is for the reader's own use. */
    void headers() {
        left = Math.min(MOST_BYTES, left + EACH_BYTES);
        content = false;
        taken = 0;
    }

    /** What follows is a file's content, which is counted elsewhere. */
    void content() {
        content = true;
    }

    /** How many bytes were taken since {@link #headers} was called. */
    long taken() {
        return taken;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (content) {
            return in.read(into, offset, length);
        }
        if (left <= 0) {
            throw new TooLong();
        }
        int count = in.read(into, offset, (int) Math.min(length, left));
        if (count > 0) {
            left -= count;
            taken += count;
        }
        return count;
    }

    @Override
    public long skip(long count) throws IOException {
        // By reading, so that it counts.
        long skipped = 0;
        byte[] dump = new byte[(int) Math.clamp(count, 1, 8 << 10)];
        while (skipped < count) {
            int read = read(dump, 0, (int) Math.min(dump.length, count - skipped));
            if (read < 0) {
                break;
            }
            skipped += read;
        }
        return skipped;
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
