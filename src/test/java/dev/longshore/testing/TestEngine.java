package dev.longshore.testing;

/** The Docker engine that integration tests use. */
public final class TestEngine {
    private TestEngine() {}

    /** Its address. */
    public static String host() {
        String host = System.getenv("DOCKER_HOST");
        return host == null || host.isBlank() ? "unix:///var/run/docker.sock" : host;
    }

    /** An image with a shell. */
    public static String image() {
        return "busybox:local";
    }
}
