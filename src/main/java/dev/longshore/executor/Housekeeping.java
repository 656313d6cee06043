package dev.longshore.executor;

import io.vertx.core.Future;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;

/**
 * What has to be tidied up now and then: images that nobody uses, when the disk gets full, results
 * that were kept long enough, and containers that nobody looks after. Lives on the executor's
 * context.
 */
final class Housekeeping {
    private static final Logger log = LoggerFactory.getLogger(Housekeeping.class);
    private static final Duration PERIOD = Duration.ofMinutes(1);

    private final Berth berth;
    private final ImageCache images;
    private final Roster roster;
    private final Reconciler reconciler;
    private Timers.Timer next = () -> {};
    private boolean stopped;

    Housekeeping(Berth berth, ImageCache images, Roster roster, Reconciler reconciler) {
        this.berth = berth;
        this.images = images;
        this.roster = roster;
        this.reconciler = reconciler;
    }

    /** Tidies up now, and from now on. */
    void start() {
        reconciler.start();
        tidy();
    }

    private void tidy() {
        Future<Integer> cleaned =
                images.clean()
                        .onFailure(
                                failure ->
                                        log.warn(
                                                "images were not cleaned up: {}",
                                                failure.getMessage()));
        Future<Integer> swept =
                berth.results()
                        .sweep(berth.timers().now(), roster::isLive)
                        .onFailure(
                                failure ->
                                        log.warn(
                                                "old results were not removed: {}",
                                                failure.getMessage()));
        Future.join(cleaned, swept)
                .onComplete(
                        tidy -> {
                            if (!stopped) {
                                next = berth.timers().after(PERIOD, this::tidy);
                            }
                        });
    }

    Future<Void> stop() {
        stopped = true;
        reconciler.stop();
        next.cancel();
        return Future.succeededFuture();
    }
}
