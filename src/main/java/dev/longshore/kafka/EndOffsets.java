package dev.longshore.kafka;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where partitions end. From any thread. Questions about one partition that come while one is on
 * its way share its answer: an end that is a little older is still behind all that was acknowledged
 * when the first one asked.
 */
final class EndOffsets {
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

    private final ListOffsetsOptions options;
    private final CompletableFuture<Admin> admin;
    private final Map<TopicPartition, CompletableFuture<Long>> underway = new ConcurrentHashMap<>();

    EndOffsets(KafkaSettings settings, IsolationLevel level, String role) {
        this.options = new ListOffsetsOptions(level);
        this.admin =
                CompletableFuture.supplyAsync(
                        () -> Admin.create(ClientProperties.admin(settings, role)),
                        Thread::startVirtualThread);
    }

    /**
     * The offset that the next record gets; fails where the brokers do not answer within ten
     * seconds.
     */
    @SuppressWarnings("FutureReturnValueIgnored") // its end is told by the stage that is returned
    CompletionStage<Long> of(TopicPartition partition) {
        CompletableFuture<Long> mine = new CompletableFuture<>();
        CompletableFuture<Long> earlier = underway.putIfAbsent(partition, mine);
        if (earlier != null) {
            return earlier;
        }
        admin.thenCompose(
                        open ->
                                open.listOffsets(Map.of(partition, OffsetSpec.latest()), options)
                                        .partitionResult(partition)
                                        .toCompletionStage())
                .thenApply(ListOffsetsResult.ListOffsetsResultInfo::offset)
                .whenComplete(
                        (offset, failure) -> {
                            underway.remove(partition, mine);
                            if (failure == null) {
                                mine.complete(offset);
                            } else {
                                mine.completeExceptionally(failure);
                            }
                        });
        return mine;
    }

    CompletionStage<Void> close() {
        return admin.thenAcceptAsync(open -> open.close(CLOSE_TIMEOUT), Thread::startVirtualThread)
                .exceptionally(neverOpened -> null);
    }
}
