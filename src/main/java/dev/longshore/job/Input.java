package dev.longshore.job;

import java.util.Arrays;
import java.util.Objects;

/** Something that a program finds in its container besides its image. */
public sealed interface Input {
    /** Where it is in the container: an absolute, normalised path. */
    String target();

    /**
     * A file or directory of the node.
     *
     * @param source absolute path on the node, under a root that the operator allows
     * @param target where it is mounted
     * @param readOnly whether the program cannot change it
     */
    record Bind(String source, String target, boolean readOnly) implements Input {
        /** Refuses nulls by name. */
        public Bind {
            Checks.required(source, "source");
            Checks.required(target, "target");
        }
    }

    /**
     * A named volume of the engine, which outlives the execution.
     *
     * @param name the volume's name
     * @param target where it is mounted
     * @param readOnly whether the program cannot change it
     */
    record Volume(String name, String target, boolean readOnly) implements Input {
        /** Refuses nulls by name. */
        public Volume {
            Checks.required(name, "name");
            Checks.required(target, "target");
        }
    }

    /**
     * A file that the node fetches from the web before the start.
     *
     * @param address where it is; its query may be a secret
     * @param sha256 its digest, 64 hexadecimal digits in lower case: what has another is refused
     * @param target the file's path in the container
     * @param mode permission bits, such as {@code 0644}
     */
    record Http(WebAddress address, String sha256, String target, int mode) implements Input {
        /** Refuses nulls by name. */
        public Http {
            Checks.required(address, "address");
            Checks.required(sha256, "sha256");
            Checks.required(target, "target");
        }
    }

    /**
     * A small file that came with the command.
     *
     * @param target the file's path in the container
     * @param content its bytes; not copied, so nobody may change them
     * @param mode permission bits, such as {@code 0644}
     */
    @SuppressWarnings("ArrayRecordComponent") // equals and hashCode below are by content
    record Inline(String target, byte[] content, int mode) implements Input {
        /** Permission bits of a file that names none. */
        public static final int DEFAULT_MODE = 0644;

        /** Refuses nulls by name. */
        public Inline {
            Checks.required(target, "target");
            Checks.required(content, "content");
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Inline that
                    && target.equals(that.target)
                    && mode == that.mode
                    && Arrays.equals(content, that.content);
        }

        @Override
        public int hashCode() {
            return Objects.hash(target, mode, Arrays.hashCode(content));
        }

        /** Leaves the content out: it may be a secret. */
        @Override
        public String toString() {
            return "Inline[target=" + target + ", " + content.length + " bytes]";
        }
    }
}
