package dev.longshore.job;

/**
 * A script that runs in the container before the program, as the program's user.
 *
 * @param name by the rule of ids
 * @param script its text, first line {@code #!…} included
 */
public record ProvisionScript(String name, String script) {
    /** Refuses nulls by name. */
    public ProvisionScript {
        Checks.required(name, "name");
        Checks.required(script, "script");
    }

    /** Leaves the text out: it may hold secrets. */
    @Override
    public String toString() {
        return "ProvisionScript[name=" + name + ", " + script.length() + " characters]";
    }
}
