package dev.longshore.results;

import java.nio.file.Path;

/**
 * What can go wrong with results on disk, told apart. The message is one line for people: what was
 * wanted, what stood against it and, where there is something, what to do.
 */
public abstract sealed class ResultFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private ResultFailure(String message) {
        super(message, null, false, false);
    }

    private ResultFailure(String message, Throwable cause) {
        super(message, cause, false, false);
    }

    /** The directory of all results cannot be used: no node can run with it. */
    public static final class Unusable extends ResultFailure {
        private static final long serialVersionUID = 1L;

        /** Names the directory, what is wrong with it and what to do. */
        public Unusable(Path directory, String wrong) {
            super(
                    "the results directory "
                            + directory
                            + " "
                            + wrong
                            + "; name another with results.directory, or let this node's user have"
                            + " it alone");
        }
    }

    /** There is no such result here, or no longer. */
    public static final class NotFound extends ResultFailure {
        private static final long serialVersionUID = 1L;

        /** Names what was looked for. */
        public NotFound(String message) {
            super(message);
        }
    }

    /** The outputs of one attempt are more than the node takes. */
    public static final class TooLarge extends ResultFailure {
        private static final long serialVersionUID = 1L;
        private final Limit limit;

        /** Names the limit and what it is set to. */
        public TooLarge(String output, Limit limit, long most) {
            super("the output " + output + " was not kept: " + limit.says(most));
            this.limit = limit;
        }

        /** Which limit. */
        public Limit limit() {
            return limit;
        }
    }

    /** What an attempt's outputs have only so much of. */
    public enum Limit {
        /** Bytes of all files together. */
        BYTES,
        /** Files, directories and whatever else. */
        FILES,
        /** Directories one inside another. */
        DEPTH;

        private String says(long most) {
            return switch (this) {
                case BYTES ->
                        "all outputs together have at most "
                                + most
                                + " bytes (results.max-output-size)";
                case FILES ->
                        "all outputs together have at most "
                                + most
                                + " files and directories (results.max-output-files)";
                case DEPTH ->
                        "directories are at most " + most + " deep (results.max-output-depth)";
            };
        }
    }

    /** What came is not the archive of a directory: nothing in it can be believed. */
    public static final class Malformed extends ResultFailure {
        private static final long serialVersionUID = 1L;

        /** Names the output and what is wrong. */
        public Malformed(String output, String wrong) {
            super("the output " + output + " was not kept: " + wrong);
        }
    }

    /** The archive broke off on its way: the same may succeed later. */
    public static final class Interrupted extends ResultFailure {
        private static final long serialVersionUID = 1L;

        /** Names the output; the cause is the stream's own failure, where it told one. */
        public Interrupted(String output, Throwable cause) {
            super("the output " + output + " broke off: " + cause.getMessage(), cause);
        }
    }

    /** The disk, or the node's share of it, has no room left. */
    public static final class DiskFull extends ResultFailure {
        private static final long serialVersionUID = 1L;

        /** Names the path that could not be written. */
        public DiskFull(Path path) {
            super("no space left on the disk of " + path);
        }
    }

    /** The disk refused for any other reason. */
    public static final class DiskFailed extends ResultFailure {
        private static final long serialVersionUID = 1L;

        /** Names the path; the cause is what the operating system said. */
        public DiskFailed(Path path, Throwable cause) {
            super(path + " could not be read or written: " + cause, cause);
        }
    }
}
