package dev.longshore.executor;

import dev.longshore.job.Input;

/** A file that a job names by its URL could not be had; the message says why and what to do. */
final class InputFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    InputFailure(Input.Http input, String wrong) {
        super(
                "the input " + input.target() + " from " + input.address() + " " + wrong,
                null,
                false,
                false);
    }
}
