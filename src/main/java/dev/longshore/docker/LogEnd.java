package dev.longshore.docker;

/**
 * The end of a container's log.
 *
 * @param lines how many lines it has, skipped ones included
 * @param complete false where one may be missing
 */
public record LogEnd(long lines, boolean complete) {}
