package dev.longshore.docker;

/**
 * An image reference as the engine's pull wants it.
 *
 * @param repository everything before the tag or digest
 * @param tag the tag or digest; {@code latest} where none is named, because the engine would fetch
 *     every tag
 */
record ImageReference(String repository, String tag) {
    private static final String DOCKER_HUB = "docker.io";

    static ImageReference parse(String reference) {
        int at = reference.indexOf('@');
        if (at >= 0) {
            return new ImageReference(reference.substring(0, at), reference.substring(at + 1));
        }
        int colon = reference.lastIndexOf(':');
        // A colon before the last slash belongs to the registry's port.
        return colon > reference.lastIndexOf('/')
                ? new ImageReference(reference.substring(0, colon), reference.substring(colon + 1))
                : new ImageReference(reference, "latest");
    }

    /** The registry that is asked for it. */
    String registry() {
        int slash = repository.indexOf('/');
        String first = slash < 0 ? "" : repository.substring(0, slash);
        boolean named = first.contains(".") || first.contains(":") || first.equals("localhost");
        return named && !first.equals("index.docker.io") ? first : DOCKER_HUB;
    }
}
