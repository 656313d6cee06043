package dev.longshore.docker;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;

/** One thing that is put into a container before its start. */
public sealed interface CopyEntry {
    /** Its absolute, normalised path in the container. */
    String path();

    /** Its permission bits, such as {@code 0644}. */
    int mode();

    /** A file. */
    static CopyEntry file(String path, byte[] content, int mode, int uid, int gid) {
        return new File(path, content, mode, uid, gid);
    }

    /** A directory of root. */
    static CopyEntry directory(String path, int mode) {
        return new Directory(path, mode);
    }

    /**
     * A file; one that is there is replaced, a directory that is there is not.
     *
     * @param path where
     * @param content its bytes; not copied, so nobody may change them
     * @param mode permission bits
     * @param uid its owner
     * @param gid its group
     */
    @SuppressWarnings("ArrayRecordComponent") // equals and hashCode below are by content
    record File(String path, byte[] content, int mode, int uid, int gid) implements CopyEntry {
        /** Refuses nulls by name and numbers out of range. */
        public File {
            ContainerPath.absolute(path, "path");
            if (path.equals("/")) {
                throw new IllegalArgumentException("path must name a file, was /");
            }
            Objects.requireNonNull(content, "content");
            checkMode(mode);
            if (uid < 0 || gid < 0) {
                throw new IllegalArgumentException("uid and gid must not be negative");
            }
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof File that
                    && path.equals(that.path)
                    && mode == that.mode
                    && uid == that.uid
                    && gid == that.gid
                    && Arrays.equals(content, that.content);
        }

        @Override
        public int hashCode() {
            return Objects.hash(path, mode, uid, gid, Arrays.hashCode(content));
        }

        /** Leaves the content out: it may be a secret. */
        @Override
        public String toString() {
            return "File[path=" + path + ", " + content.length + " bytes]";
        }
    }

    /**
     * A file that is on this machine's disk and too large for memory; as {@link File} otherwise.
     *
     * @param path where
     * @param source where it is here; nobody may change it
     * @param bytes its size
     * @param mode permission bits
     * @param owner user and group by number
     */
    record Stored(String path, Path source, long bytes, int mode, Owner owner)
            implements CopyEntry {
        /** Refuses nulls by name and numbers out of range. */
        public Stored {
            ContainerPath.absolute(path, "path");
            Objects.requireNonNull(source, "source");
            Objects.requireNonNull(owner, "owner");
            checkMode(mode);
            if (bytes < 0) {
                throw new IllegalArgumentException("bytes must not be negative");
            }
        }
    }

    /**
     * To whom a file belongs.
     *
     * @param uid the user
     * @param gid the group
     */
    record Owner(int uid, int gid) {
        /** Refuses numbers below zero. */
        public Owner {
            if (uid < 0 || gid < 0) {
                throw new IllegalArgumentException("uid and gid must not be negative");
            }
        }
    }

    /**
     * A directory of root; one that is there keeps what is in it, and gets mode and owner.
     *
     * @param path where; it may be the target of a mount
     * @param mode permission bits
     */
    record Directory(String path, int mode) implements CopyEntry {
        /** Refuses nulls by name and a mode out of range. */
        public Directory {
            ContainerPath.absolute(path, "path");
            checkMode(mode);
        }
    }

    private static void checkMode(int mode) {
        if (mode < 0 || mode > 07777) {
            throw new IllegalArgumentException(
                    "mode must be within 0 and 07777, was 0" + Integer.toOctalString(mode));
        }
    }
}
