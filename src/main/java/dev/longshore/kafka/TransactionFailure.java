package dev.longshore.kafka;

import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;

/** What a transaction failed of: the client wraps the cause, at times twice. */
final class TransactionFailure {
    private TransactionFailure() {}

    /** The broker gave this producer's transactions to another one, or ended them itself. */
    static boolean isFenced(Throwable failure) {
        return causedBy(failure, ProducerFencedException.class)
                || causedBy(failure, InvalidProducerEpochException.class);
    }

    /** A record is larger than brokers take. */
    static boolean isTooLarge(Throwable failure) {
        return causedBy(failure, RecordTooLargeException.class);
    }

    private static boolean causedBy(Throwable failure, Class<? extends Throwable> kind) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (kind.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }
}
