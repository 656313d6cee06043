package dev.longshore.executor;

import dev.longshore.docker.ContainerView;
import dev.longshore.docker.Docker;
import dev.longshore.docker.DockerFailure;
import dev.longshore.docker.ImageSummary;
import dev.longshore.job.NodeId;
import dev.longshore.job.StatusEvent;

import io.vertx.core.Future;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Removes images that executions have used, those that were not used for longest first, while the
 * disk has too little room; never one that a container was made from, one that is to be kept, or
 * one that no execution of this node has used: that is somebody else's. When each was used last is
 * learnt from the topic of status, so that a restart forgets nothing. Lives on the executor's
 * context.
 */
final class ImageCache {
    private static final Logger log = LoggerFactory.getLogger(ImageCache.class);
    private static final int MOST_REMEMBERED = 10_000;

    private final Docker docker;
    private final Timers timers;
    private final DiskRules rules;
    private final Supplier<Future<Long>> freeBytes;
    private final Map<String, Instant> lastUse = new HashMap<>();

    ImageCache(Berth berth, Supplier<Future<Long>> freeBytes) {
        this.docker = berth.docker();
        this.timers = berth.timers();
        this.rules = berth.settings().disk();
        this.freeBytes = freeBytes;
    }

    /** Learns which image an execution of this node uses. */
    void learn(StatusEvent event, NodeId here) {
        if (event.nodeId().equals(here) && event.image() != null) {
            used(event.image().reference(), event.time());
        }
    }

    /** Learns that an image was used, by its reference. */
    void used(String reference, Instant when) {
        if (lastUse.size() < MOST_REMEMBERED || lastUse.containsKey(reference)) {
            lastUse.merge(reference, when, (one, other) -> one.isAfter(other) ? one : other);
        }
    }

    /** Makes room if there is need; answers how many images were removed. */
    Future<Integer> clean() {
        if (rules.cleanBelowBytes() == 0) {
            return Future.succeededFuture(0);
        }
        return freeBytes
                .get()
                .compose(
                        free ->
                                free >= rules.cleanBelowBytes()
                                        ? Future.succeededFuture(0)
                                        : candidates().compose(queue -> remove(queue, 0)));
    }

    private Future<Queue<ImageSummary>> candidates() {
        return docker.list(Map.of())
                .compose(containers -> docker.images().map(images -> choose(images, containers)));
    }

    private Queue<ImageSummary> choose(List<ImageSummary> images, List<ContainerView> containers) {
        Set<String> inUse = new HashSet<>();
        containers.forEach(container -> inUse.add(container.imageId()));
        Instant before = timers.now().minus(rules.imageMinAge());
        return images.stream()
                .filter(image -> !inUse.contains(image.id()))
                .filter(image -> references(image).anyMatch(lastUse::containsKey))
                .filter(image -> lastUse(image).isBefore(before))
                .filter(image -> references(image).noneMatch(this::isKept))
                .sorted(Comparator.comparing(this::lastUse))
                .collect(ArrayDeque::new, Queue::add, Queue::addAll);
    }

    private Future<Integer> remove(Queue<ImageSummary> queue, int removed) {
        ImageSummary next = queue.poll();
        if (next == null) {
            return Future.succeededFuture(removed);
        }
        return untag(next)
                .onSuccess(gone -> forget(next))
                .map(gone -> 1)
                .recover(
                        failure -> {
                            log.info("image {} stays: {}", next.id(), failure.getMessage());
                            return failure instanceof DockerFailure.Unreachable
                                    ? Future.failedFuture(failure)
                                    : Future.succeededFuture(0);
                        })
                .compose(
                        one ->
                                freeBytes
                                        .get()
                                        .compose(
                                                free ->
                                                        free >= rules.cleanBelowBytes()
                                                                ? Future.succeededFuture(
                                                                        removed + one)
                                                                : remove(queue, removed + one)));
    }

    /** An image goes with its last reference. */
    private Future<Void> untag(ImageSummary image) {
        Future<Void> done = Future.succeededFuture();
        for (String tag : image.repoTags()) {
            done = done.compose(gone -> docker.removeImage(tag));
        }
        return done.compose(gone -> docker.removeImage(image.id()));
    }

    private void forget(ImageSummary image) {
        log.info("image {} was removed to make room", image.id());
        references(image).forEach(lastUse::remove);
    }

    private boolean isKept(String reference) {
        String repository = Policy.repositoryOf(reference);
        return rules.keepImages().stream().anyMatch(glob -> Policy.matches(glob, repository));
    }

    private Instant lastUse(ImageSummary image) {
        return references(image)
                .map(reference -> lastUse.getOrDefault(reference, Instant.EPOCH))
                .max(Comparator.naturalOrder())
                .orElse(Instant.EPOCH);
    }

    /** Its references as jobs may write them: a tag {@code latest} is mostly left out. */
    private static Stream<String> references(ImageSummary image) {
        return Stream.concat(image.repoTags().stream(), image.repoDigests().stream())
                .flatMap(
                        reference ->
                                reference.endsWith(":latest")
                                        ? Stream.of(
                                                reference,
                                                reference.substring(0, reference.lastIndexOf(':')))
                                        : Stream.of(reference));
    }
}
