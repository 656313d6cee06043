package dev.longshore.executor;

import dev.longshore.docker.Docker;
import dev.longshore.docker.ImageView;
import dev.longshore.docker.PullRequest;

import io.vertx.core.Future;
import io.vertx.core.Promise;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Whether a job may use a private image that another's credential has brought here: its registry is
 * asked. What it allows holds for a while, what it denies is asked for again. Lives on the
 * executor's context.
 */
final class ImageAccess {
    static final Duration HOLDS = Duration.ofMinutes(10);
    private static final int MOST_KNOWN = 1000;

    private final Docker docker;
    private final Set<String> privateRegistries;
    private final Timers timers;
    private final Map<PullRequest, Long> allowedAtNanos = new LinkedHashMap<>();
    private final Map<PullRequest, Future<Void>> asked = new HashMap<>();

    ImageAccess(Docker docker, Set<String> privateRegistries, Timers timers) {
        this.docker = docker;
        this.privateRegistries = privateRegistries;
        this.timers = timers;
    }

    /** The image that is here, where the request's credential gives it. */
    Future<ImageView> checked(PullRequest request, ImageView image) {
        String name = privateName(request.reference(), image);
        if (name == null) {
            return Future.succeededFuture(image);
        }
        PullRequest wanted = new PullRequest(name, null, request.credential());
        return isKnown(wanted) ? Future.succeededFuture(image) : ask(wanted).map(image);
    }

    /** Notes that a registry gave it. */
    void given(PullRequest request) {
        if (isPrivate(request.reference())) {
            allow(new PullRequest(request.reference(), null, request.credential()));
        }
    }

    /** The name under which to ask for it; null for an image that is nobody's secret. */
    private @Nullable String privateName(String reference, ImageView image) {
        if (isPrivate(reference)) {
            return reference;
        }
        if (!isId(reference, image)) {
            return null;
        }
        return image.repoDigests().stream().filter(this::isPrivate).findFirst().orElse(null);
    }

    /** An image can be named by its id, or by how that begins, without naming its registry. */
    private static boolean isId(String reference, ImageView image) {
        String id = image.id();
        return id.startsWith(reference) || id.startsWith("sha256:" + reference);
    }

    private boolean isPrivate(String reference) {
        return privateRegistries.contains(PullRequest.of(reference).registry());
    }

    private boolean isKnown(PullRequest wanted) {
        Long at = allowedAtNanos.get(wanted);
        return at != null && timers.nanoTime() - at < HOLDS.toNanos();
    }

    /** Those who ask at the same time share the answer. */
    private Future<Void> ask(PullRequest wanted) {
        Future<Void> underWay = asked.get(wanted);
        if (underWay != null) {
            return underWay;
        }
        Promise<Void> answer = Promise.promise();
        asked.put(wanted, answer.future());
        docker.checkAccess(wanted)
                .onComplete(
                        told -> {
                            asked.remove(wanted);
                            if (told.succeeded()) {
                                allow(wanted);
                            }
                            answer.handle(told);
                        });
        return answer.future();
    }

    private void allow(PullRequest wanted) {
        // Put anew, so that the first is the one that was allowed the longest ago.
        allowedAtNanos.remove(wanted);
        allowedAtNanos.put(wanted, timers.nanoTime());
        if (allowedAtNanos.size() > MOST_KNOWN) {
            allowedAtNanos.remove(allowedAtNanos.keySet().iterator().next());
        }
    }
}
