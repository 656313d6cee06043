package dev.longshore.wire;

import dev.longshore.job.Refusal;
import dev.longshore.job.RefusalCode;

/**
 * Carries a refusal out of nested readers; caught by {@link CommandCodec}, so it never leaves this
 * package. No stack.
 */
final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Refusal refusal;

    /**
     * About the field at the given JSON pointer, which is cut where it is long; the message gets it
     * in front.
     */
    RefusedException(RefusalCode code, String pointer, String message) {
        super(message, null, false, false);
        String field =
                pointer.length() <= Quote.MOST ? pointer : pointer.substring(0, Quote.MOST) + '…';
        refusal = new Refusal(code, field, field.isEmpty() ? message : field + ": " + message);
    }

    Refusal refusal() {
        return refusal;
    }
}
