package dev.longshore.job;

/** When the node fetches an image before it creates the container. */
public enum PullPolicy {
    /** Ask the registry every time. */
    ALWAYS,
    /** Only when the engine does not have the image: the default. */
    MISSING,
    /** Never; an image that is not there fails the execution with {@link Reason#IMAGE_NOT_FOUND}. */
    NEVER
}
