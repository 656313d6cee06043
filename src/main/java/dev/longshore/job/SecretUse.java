package dev.longshore.job;

/** How a program gets a secret that its node holds: by the secret's name, never its value. */
public sealed interface SecretUse {
    /** The name under which the node holds it. */
    String name();

    /**
     * As a variable.
     *
     * @param name the secret's name
     * @param environment the variable's name
     */
    record Variable(String name, String environment) implements SecretUse {
        /** Refuses nulls by name. */
        public Variable {
            Checks.required(name, "name");
            Checks.required(environment, "environment");
        }
    }

    /**
     * As a file.
     *
     * @param name the secret's name
     * @param target the file's path in the container
     * @param mode permission bits, such as {@code 0400}
     */
    record File(String name, String target, int mode) implements SecretUse {
        /** Permission bits of a file that names none. */
        public static final int DEFAULT_MODE = 0400;

        /** Refuses nulls by name. */
        public File {
            Checks.required(name, "name");
            Checks.required(target, "target");
        }
    }
}
