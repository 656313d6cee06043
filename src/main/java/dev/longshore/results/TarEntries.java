package dev.longshore.results;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * The entries of an engine's tar of one directory, one after the other. Whatever is not such a tar
 * ends in {@link ResultFailure.Malformed}, a stream that broke in {@link
 * ResultFailure.Interrupted}. One worker thread.
 */
final class TarEntries {
    private static final int RECORD_BYTES = 512;

    private final String output;
    private final HeaderGuard guard;
    private final TarArchiveInputStream tar;
    private @Nullable TarArchiveEntry entry;
    private @Nullable EntryName name;
    private @Nullable String top;

    TarEntries(TarFeed feed, String output) {
        this.output = output;
        this.guard = new HeaderGuard(feed);
        // Lenient about owners and times, which nobody here looks at.
        this.tar =
                new TarArchiveInputStream(
                        guard, RECORD_BYTES, RECORD_BYTES, StandardCharsets.UTF_8.name(), true);
    }

    /** Goes to the next entry, whether or not this one was read; false at the end. */
    boolean next() {
        TarArchiveEntry before = entry;
        drain();
        guard.headers();
        TarArchiveEntry found = attempt(tar::getNextEntry);
        if (found == null) {
            end(before);
            return false;
        }
        guard.content();
        entry = found;
        name = check(found);
        return true;
    }

    EntryName name() {
        return Objects.requireNonNull(name, "name");
    }

    boolean isDirectory() {
        return current().getLinkFlag() == TarConstants.LF_DIR;
    }

    boolean isFile() {
        byte kind = current().getLinkFlag();
        return kind == TarConstants.LF_NORMAL
                || kind == TarConstants.LF_OLDNORM
                || kind == TarConstants.LF_CONTIG;
    }

    /** Whether it is another name of a file that came before. */
    boolean isHardLink() {
        return current().getLinkFlag() == TarConstants.LF_LINK;
    }

    /** The first name of a hard link's file, or null where it names nothing in this output. */
    @Nullable EntryName linked() {
        String first = current().getLinkName();
        if (EntryName.forged(first) != null) {
            return null;
        }
        EntryName parts = EntryName.of(first);
        return parts.top().equals(top) && !parts.below().isEmpty() ? parts : null;
    }

    /** Of the content, as declared; no more of it can be read. */
    long bytes() {
        return current().getSize();
    }

    /** How many bytes of the content were put into {@code into}, -1 at its end. */
    int read(byte[] into) {
        return attempt(() -> tar.read(into, 0, into.length));
    }

    private TarArchiveEntry current() {
        return Objects.requireNonNull(entry, "entry");
    }

    private void drain() {
        if (entry != null) {
            byte[] dump = new byte[8 << 10];
            while (read(dump) >= 0) {
                continue;
            }
        }
    }

    private EntryName check(TarArchiveEntry found) {
        if (found.isSparse()) {
            // A few bytes could stand for exabytes; engines write none.
            throw malformed("it has a sparse file");
        }
        if (found.getName().endsWith("/") && !isDirectory()) {
            // The reader would take it for a directory, and its content for headers.
            throw malformed("it has a directory that is none");
        }
        if (isDirectory() && bytes() > 0) {
            throw malformed("it has a directory with content");
        }
        String wrong = EntryName.forged(found.getName());
        if (wrong != null) {
            throw malformed(wrong);
        }
        EntryName parts = EntryName.of(found.getName());
        if (top == null) {
            if (!parts.below().isEmpty() || !isDirectory()) {
                throw malformed("it is not a directory");
            }
            top = parts.top();
        } else if (!top.equals(parts.top())) {
            throw malformed("it has an entry that is not under its directory");
        }
        return parts;
    }

    /** The reader takes an end of the stream for an end of the tar: tell them apart. */
    private void end(@Nullable TarArchiveEntry last) {
        long content = last == null ? 0 : last.getSize();
        long padding = (RECORD_BYTES - content % RECORD_BYTES) % RECORD_BYTES;
        if (top == null || guard.taken() < padding + RECORD_BYTES) {
            throw malformed(top == null ? "it is empty" : "it ends early");
        }
        byte[] dump = new byte[8 << 10];
        while (attempt(() -> guard.read(dump, 0, dump.length)) >= 0) {
            continue;
        }
    }

    private <T> T attempt(Reading<T> reading) {
        try {
            return reading.read();
        } catch (TarFeed.Broken broken) {
            throw new ResultFailure.Interrupted(
                    output, Objects.requireNonNullElse(broken.getCause(), broken));
        } catch (IOException | RuntimeException wrong) {
            throw malformed("it is no tar: " + wrong.getMessage());
        }
    }

    private ResultFailure.Malformed malformed(String wrong) {
        return new ResultFailure.Malformed(output, wrong);
    }

    /** Something that reads the tar. */
    @FunctionalInterface
    private interface Reading<T> {
        T read() throws IOException;
    }
}
