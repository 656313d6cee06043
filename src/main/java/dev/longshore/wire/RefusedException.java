package dev.longshore.wire;

import dev.longshore.job.Refusal;
import dev.longshore.job.RefusalCode;

/** Carries a refusal out of nested readers; caught by {@link CommandCodec}, so it never leaves this package. No stack. */
final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Refusal refusal;

    /** About the field at the given JSON pointer; the message gets the field's name in front. */
    RefusedException(RefusalCode code, String pointer, String message) {
        super(message, null, false, false);
        refusal = new Refusal(code, pointer, pointer.isEmpty() ? message : pointer + ": " + message);
    }

    Refusal refusal() {
        return refusal;
    }
}
