package dev.longshore.docker;

import java.util.Map;
import java.util.Objects;

/** What a container has from outside its image, at an absolute, normalised path. */
public sealed interface Mount {
    /** Where it is in the container. */
    String target();

    /**
     * A file or directory of the engine's host, which has to be there. Mounts that others make in
     * it later are not seen.
     *
     * @param source its real path, links resolved: whether the job may have it is already judged
     * @param target where it is mounted
     * @param readOnly whether the program cannot change it
     */
    record Bind(String source, String target, boolean readOnly) implements Mount {
        /** Refuses nulls by name, and what is no absolute path. */
        public Bind {
            ContainerPath.absolute(source, "source");
            ContainerPath.absolute(target, "target");
        }
    }

    /**
     * A named volume, which outlives the container; the engine makes it where there is none.
     *
     * @param name its name
     * @param target where it is mounted
     * @param readOnly whether the program cannot change it
     */
    record Volume(String name, String target, boolean readOnly) implements Mount {
        /** Refuses nulls by name, and what is no absolute path. */
        public Volume {
            if (Objects.requireNonNull(name, "name").isEmpty()) {
                throw new IllegalArgumentException("name must not be empty");
            }
            ContainerPath.absolute(target, "target");
        }
    }

    /**
     * A volume of its own that is removed with the container. The engine copies what the image has
     * there into it, owner and mode of the directory included; where the image has nothing, only
     * root may write: {@link Docker#copyIn} with a {@link CopyEntry.Directory} changes the mode.
     *
     * @param target where it is mounted
     * @param labels of the volume
     */
    record Scratch(String target, Map<String, String> labels) implements Mount {
        /** Copies the labels; refuses nulls by name, and what is no absolute path. */
        public Scratch {
            ContainerPath.absolute(target, "target");
            labels = Map.copyOf(labels);
        }
    }
}
