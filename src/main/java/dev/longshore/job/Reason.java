package dev.longshore.job;

import java.util.Locale;

/** Why an execution ended as it did. Wire form: the name in lower case. */
public enum Reason {
    /** The program ended with exit code 0. */
    COMPLETED,
    /** The program ended with another exit code. */
    NON_ZERO_EXIT,
    /** The kernel killed the program for want of memory within its limit. */
    OOM_KILLED,
    /** Waited for capacity longer than allowed. */
    TIMED_OUT_QUEUE,
    /** The image could not be fetched in time. */
    TIMED_OUT_PULL,
    /** The program ran longer than allowed and was stopped. */
    TIMED_OUT_RUN,
    /** Everything together, waits and further attempts included, took longer than allowed. */
    TIMED_OUT_TOTAL,
    /** Somebody asked for the end. */
    CANCELLED,
    /** No such image. */
    IMAGE_NOT_FOUND,
    /** The image could not be fetched. */
    IMAGE_PULL_FAILED,
    /** The registry refused the node. */
    IMAGE_PULL_DENIED,
    /** A file that the job names by its URL could not be had, or is another one. */
    INPUT_FAILED,
    /** The engine would not create the container. */
    CREATE_FAILED,
    /** The engine could not start the program; the exit code is 126 or 127 where it says so. */
    START_FAILED,
    /** The program wrote more log than allowed and was stopped. */
    LOG_LIMIT,
    /** The program wrote more to disk than allowed, or filled the node's, and was stopped. */
    DISK_LIMIT,
    /** The declared outputs could not be collected. */
    OUTPUT_FAILED,
    /** The engine or the host took the container down. */
    INFRA_LOST,
    /** The node did not come back. */
    NODE_LOST,
    /** The command was not valid. */
    INVALID,
    /** The node's policy does not allow it. */
    NOT_PERMITTED,
    /** The node could never hold it. */
    INSUFFICIENT_RESOURCES;

    /** The name in messages. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
