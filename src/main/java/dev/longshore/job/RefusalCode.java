package dev.longshore.job;

/**
 * Why a record or request was not acted on: the {@code code} of dead letters and of HTTP problems.
 */
public enum RefusalCode {
    /** The record has no value. */
    EMPTY_MESSAGE,
    /** The value is not JSON; the message says line and column. */
    MALFORMED_JSON,
    /** The value is JSON, but not an object. */
    NOT_AN_OBJECT,
    /** An object names a field twice. */
    DUPLICATE_KEY,
    /** Nested deeper than any command can be. */
    TOO_DEEP,
    /** Larger than any command may be. */
    TOO_LARGE,
    /** A {@code type} that this version does not know, or that belongs to another topic. */
    UNKNOWN_COMMAND,
    /** A field that this version does not know: a typo must not mean "no limit". */
    UNKNOWN_FIELD,
    /** A required field is absent. */
    MISSING_FIELD,
    /** A field breaks a rule that has no code of its own. */
    INVALID_FIELD,
    /** An execution id, job id or node id that breaks the rule for ids. */
    INVALID_EXECUTION_ID,
    /** The record's key is not the execution id in its value. */
    KEY_MISMATCH,
    /** Not an image reference. */
    INVALID_IMAGE,
    /** Not a command or entry point: an array of words is wanted. */
    INVALID_COMMAND,
    /** An environment variable whose name or value the engine could not pass on. */
    INVALID_ENV,
    /** A label that the engine could not keep. */
    INVALID_LABEL,
    /** A label under a prefix that is not the producer's to use. */
    RESERVED_LABEL,
    /** A resource amount that is not one, or is out of range. */
    INVALID_RESOURCES,
    /** A duration that is not one, or is out of range. */
    INVALID_TIMEOUT,
    /** Where an input or output would be in the container is no place for it. */
    INVALID_MOUNT_TARGET,
    /** The name of an output that breaks the rule for names. */
    INVALID_OUTPUT_NAME,
    /** The node's policy does not allow the named field. */
    NOT_PERMITTED,
    /** The request needs more than the node has in all. */
    INSUFFICIENT_RESOURCES,
    /** The execution id is in use by another, live, start. */
    ALREADY_STARTED,
    /** The execution has ended. */
    ALREADY_FINISHED,
    /** The execution is known, but its program does not run (yet). */
    NOT_RUNNING,
    /** No such execution here. */
    NOT_FOUND,
    /** A query parameter that is unknown, malformed or contradicts another. */
    INVALID_PARAMETER
}
