package dev.longshore.job;

/**
 * A directory that the program may write, collected after its exit.
 *
 * @param name what it is called in the result: by the rule of ids
 * @param target where it is in the container: an absolute, normalised path
 */
public record Output(String name, String target) {
    /** Refuses nulls by name. */
    public Output {
        Checks.required(name, "name");
        Checks.required(target, "target");
    }
}
