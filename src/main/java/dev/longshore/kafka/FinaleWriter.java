package dev.longshore.kafka;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Writes the ends of executions, each whole or not at all. What waits while one transaction commits
 * goes into the next one together: the cost of a transaction is shared just when it matters. {@link
 * #write} and {@link #close} may be called from any thread, all else belongs to a thread of its
 * own: transactions block, one after the other.
 *
 * <p>It opens its transactions once. Opening them again takes them away from whoever did so
 * meanwhile, be it another node which took this one for lost: what it ended would be ended twice.
 * Whoever needs them anew reads first what was said, as every start does.
 */
final class FinaleWriter {
    /**
     * The broker ends a transaction that takes longer, and with it this producer's right to commit
     * it.
     */
    static final int TRANSACTION_TIMEOUT_MILLIS = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(FinaleWriter.class);
    private static final String CLOSED = "closed before the finale was written";
    private static final int MOST_IN_ONE = 32;
    private static final long WAIT_MILLIS = 100;
    private static final long BACKOFF_MILLIS = 250;
    private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final Duration PRODUCER_CLOSE = Duration.ofMillis(500);

    private final KafkaSettings settings;
    private final BlockingQueue<Finale> waiting = new LinkedBlockingQueue<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile boolean closing;
    private volatile long closeBy;
    private volatile @Nullable RuntimeException fatal;
    private final Deque<List<Finale>> again = new ArrayDeque<>();
    private final CompletableFuture<Void> opened = new CompletableFuture<>();
    private @Nullable Producer<byte[], byte[]> ready;

    /** Whether the last transaction failed: said once and not with every attempt. */
    private boolean troubled;

    private record Finale(
            List<ProducerRecord<byte[], byte[]>> records, CompletableFuture<Void> written) {}

    /** Starts its thread, which makes itself ready as soon as a broker answers. */
    FinaleWriter(KafkaSettings settings) {
        this.settings = settings;
        Thread.ofPlatform().daemon().name("longshore-finales").start(this::run);
    }

    /**
     * Completed once the records are committed; failed where they can never be, or this was closed
     * before.
     */
    CompletionStage<Void> write(List<ProducerRecord<byte[], byte[]>> records) {
        CompletableFuture<Void> written = new CompletableFuture<>();
        waiting.add(new Finale(records, written));
        // Looked at after adding: whoever ended the thread meanwhile has seen it in the queue, or
        // is seen here.
        if (ended.isDone()) {
            failTheRest();
        }
        return written;
    }

    /** Completed once nobody else can end this node's executions, unless he opens after this. */
    CompletionStage<Void> opened() {
        return opened;
    }

    /** Completed after a close; failed with {@link FencedException} where it can write no more. */
    CompletionStage<Void> ended() {
        return ended.thenRun(
                () -> {
                    if (fatal instanceof FencedException fenced) {
                        throw fenced;
                    }
                });
    }

    /** Writes what waits, for two seconds at most, then fails it. */
    CompletionStage<Void> close() {
        closeBy = System.nanoTime() + CLOSE_NANOS;
        closing = true;
        return ended;
    }

    private void run() {
        try {
            while (goesOn()) {
                if (makeReady()) {
                    List<Finale> group = next();
                    if (!group.isEmpty()) {
                        write(group, producer());
                    }
                }
            }
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
        } finally {
            try {
                dropProducer();
            } finally {
                ended.complete(null);
                opened.completeExceptionally(new IllegalStateException(CLOSED));
                failTheRest();
            }
        }
    }

    private boolean goesOn() {
        if (fatal != null) {
            return false;
        }
        boolean idle = again.isEmpty() && waiting.isEmpty();
        return !closing || (!idle && System.nanoTime() - closeBy < 0);
    }

    /** Everything that waits, up to a bound; what has to be repeated goes first. */
    private List<Finale> next() throws InterruptedException {
        List<Finale> repeated = again.poll();
        if (repeated != null) {
            return repeated;
        }
        List<Finale> group = new ArrayList<>();
        Finale first = waiting.poll(WAIT_MILLIS, TimeUnit.MILLISECONDS);
        if (first != null) {
            group.add(first);
            waiting.drainTo(group, MOST_IN_ONE - 1);
        }
        return group;
    }

    private boolean makeReady() throws InterruptedException {
        if (ready != null) {
            return true;
        }
        Producer<byte[], byte[]> fresh = null;
        try {
            fresh =
                    new KafkaProducer<>(
                            Map.copyOf(ClientProperties.transactionalProducer(settings)));
            initialise(fresh);
            ready = fresh;
            opened.complete(null);
            return true;
        } catch (KafkaException | IllegalStateException failure) {
            LOG.warn("transactions are not ready yet: {}", failure.toString());
            ready = fresh;
            dropProducer();
            Thread.sleep(BACKOFF_MILLIS);
            return false;
        }
    }

    private void initialise(Producer<byte[], byte[]> fresh) {
        while (true) {
            try {
                fresh.initTransactions();
                return;
            } catch (TimeoutException away) {
                if (!goesOn()) {
                    throw away;
                }
            }
        }
    }

    private Producer<byte[], byte[]> producer() {
        Producer<byte[], byte[]> open = ready;
        if (open == null) {
            throw new IllegalStateException("not ready");
        }
        return open;
    }

    private void write(List<Finale> group, Producer<byte[], byte[]> producer) {
        try {
            producer.beginTransaction();
            send(group, producer);
            finish(producer::commitTransaction);
            group.forEach(finale -> finale.written().complete(null));
            if (troubled) {
                troubled = false;
                LOG.info("finales are written again");
            }
        } catch (KafkaException | IllegalStateException failure) {
            recover(group, producer, failure);
        }
    }

    private static void send(List<Finale> group, Producer<byte[], byte[]> producer) {
        for (Finale finale : group) {
            for (ProducerRecord<byte[], byte[]> record : finale.records()) {
                Future<RecordMetadata> sent = producer.send(record);
                if (sent.isDone() && sent.state() == Future.State.FAILED) {
                    throw new KafkaException(sent.exceptionNow());
                }
            }
        }
    }

    /** Commit and abort may be asked for again when they took too long: it is the same one. */
    private void finish(Runnable step) {
        while (true) {
            try {
                step.run();
                return;
            } catch (TimeoutException slow) {
                if (!goesOn()) {
                    throw slow;
                }
            }
        }
    }

    private void recover(
            List<Finale> group, Producer<byte[], byte[]> producer, RuntimeException failure) {
        if (TransactionFailure.isFenced(failure)) {
            again.addFirst(group);
            takenAway(failure);
            return;
        }
        if (TransactionFailure.isTooLarge(failure)) {
            putAsideTooLarge(group, failure);
        } else {
            if (!troubled) {
                LOG.warn("finales wait, their transaction is repeated: {}", failure.toString());
            }
            troubled = true;
            again.addFirst(group);
        }
        try {
            finish(producer::abortTransaction);
        } catch (KafkaException | IllegalStateException second) {
            takenAway(second);
        }
    }

    private void takenAway(RuntimeException failure) {
        if (closing) {
            fatal = new IllegalStateException(CLOSED, failure);
            return;
        }
        LOG.warn("no more ends of executions are taken from here: {}", failure.toString());
        fatal = new FencedException(settings.nodeId(), failure);
    }

    private void putAsideTooLarge(List<Finale> group, RuntimeException failure) {
        if (group.size() == 1) {
            group.getFirst().written().completeExceptionally(failure);
        } else {
            group.reversed().forEach(one -> again.addFirst(List.of(one)));
        }
    }

    private void dropProducer() {
        Producer<byte[], byte[]> open = ready;
        ready = null;
        if (open != null) {
            try {
                open.close(closing ? PRODUCER_CLOSE : Duration.ZERO);
            } catch (KafkaException | IllegalStateException failure) {
                LOG.debug("closing the producer of finales", failure);
            }
        }
    }

    private synchronized void failTheRest() {
        RuntimeException cause = fatal;
        RuntimeException reason = cause != null ? cause : new IllegalStateException(CLOSED);
        List<Finale> rest = new ArrayList<>();
        again.forEach(rest::addAll);
        again.clear();
        waiting.drainTo(rest);
        rest.forEach(finale -> finale.written().completeExceptionally(reason));
    }
}
