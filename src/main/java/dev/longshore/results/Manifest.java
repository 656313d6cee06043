package dev.longshore.results;

import dev.longshore.job.CollectedOutput;
import dev.longshore.job.CollectedOutput.Entry;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * The files of an output as they are found, of which the first by path are listed and all are
 * counted. One thread.
 */
final class Manifest {
    /** An entry's JSON without its path: the names of the fields, a size and a digest. */
    private static final int ENTRY_BYTES = 120;

    private final TreeMap<String, Entry> first = new TreeMap<>();
    private long files;
    private long bytes;

    void add(Entry entry) {
        files++;
        bytes += entry.bytes();
        first.put(entry.path(), entry);
        if (first.size() > CollectedOutput.MOST_MANIFEST) {
            first.pollLastEntry();
        }
    }

    long files() {
        return files;
    }

    long bytes() {
        return bytes;
    }

    /** The first entries whose JSON has at most so many bytes together, taken off the allowance. */
    List<Entry> list(Allowance allowance) {
        int left = allowance.left().manifestBytes();
        List<Entry> listed = new ArrayList<>();
        for (Entry entry : first.values()) {
            int size = ENTRY_BYTES + jsonBytes(entry.path());
            if (size > left) {
                break;
            }
            left -= size;
            listed.add(entry);
        }
        allowance.takeManifest(allowance.left().manifestBytes() - left);
        return listed;
    }

    /** At most: no character takes more bytes in JSON, where it is no control character. */
    private static int jsonBytes(String path) {
        int size = 0;
        for (int i = 0; i < path.length(); i++) {
            char at = path.charAt(i);
            if (at == '"' || at == '\\') {
                size += 2;
            } else {
                size += at < 0x80 ? 1 : 3;
            }
        }
        return size;
    }
}
