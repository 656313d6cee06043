package dev.longshore.results;

import dev.longshore.results.ResultFailure.Limit;
import dev.longshore.results.ResultFailure.TooLarge;

/**
 * What the outputs of one attempt may still take of the disk. One collection at a time, on any
 * thread.
 */
final class Allowance {
    /** Over all manifests of an attempt: they go into one record. */
    private static final int MANIFEST_BYTES = 256 << 10;

    private final ResultSettings settings;
    private Left left;

    Allowance(ResultSettings settings) {
        this.settings = settings;
        this.left = new Left(settings.maxOutputBytes(), settings.maxOutputFiles(), MANIFEST_BYTES);
    }

    synchronized Left left() {
        return left;
    }

    /** After a collection that came to nothing, what there was before it. */
    synchronized void restore(Left before) {
        left = before;
    }

    /** One more entry, this many bytes and this deep. */
    synchronized void take(String output, long bytes, int depth) {
        if (depth > settings.maxOutputDepth()) {
            throw new TooLarge(output, Limit.DEPTH, settings.maxOutputDepth());
        }
        if (left.files < 1) {
            throw new TooLarge(output, Limit.FILES, settings.maxOutputFiles());
        }
        if (bytes > left.bytes) {
            throw new TooLarge(output, Limit.BYTES, settings.maxOutputBytes());
        }
        left = new Left(left.bytes - bytes, left.files - 1, left.manifestBytes);
    }

    synchronized void takeManifest(int bytes) {
        left = new Left(left.bytes, left.files, left.manifestBytes - bytes);
    }

    /**
     * What is left.
     *
     * @param bytes of files
     * @param files and directories, and what was skipped: a tar of nothing but links ends, too
     * @param manifestBytes of manifests
     */
    record Left(long bytes, int files, int manifestBytes) {}
}
