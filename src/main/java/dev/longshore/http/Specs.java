package dev.longshore.http;

import dev.longshore.job.CommandPosition;
import dev.longshore.job.Execution;
import dev.longshore.job.ExecutionId;
import dev.longshore.job.ExecutionRequest;
import dev.longshore.kafka.CommandHistory;
import dev.longshore.wire.SpecJson;

import io.vertx.core.Future;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What was asked for: start commands read again from their topic, without what may be secret. Those
 * that were looked at lately are kept, since a page asks for the same one every second. On one
 * context, which is that of the history it is given.
 */
final class Specs {
    private static final Logger LOG = LoggerFactory.getLogger(Specs.class);
    private static final long PATIENCE_MILLIS = 2_000;
    private static final long REST_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int MOST_AT_ONCE = 16;
    private static final int MOST_KEPT = 1_000;
    private static final int MOST_KEPT_CHARACTERS = 8 << 20;

    private final CommandHistory history;
    private final Map<Place, Optional<String>> kept = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<Place, Future<Optional<String>>> underway = new HashMap<>();
    private long keptCharacters;
    private long restUntilNanos = System.nanoTime();

    /** A topic that was made anew may have another command at the same position. */
    private record Place(ExecutionId id, CommandPosition position) {}

    Specs(CommandHistory history) {
        this.history = history;
    }

    /**
     * The start command as JSON; empty where it is gone from its topic, and where the brokers do
     * not let it be read at once. Never fails.
     */
    Future<Optional<String>> of(Execution execution) {
        CommandPosition position = execution.latest().command();
        if (position == null) {
            return Future.succeededFuture(Optional.empty());
        }
        Place place = new Place(execution.executionId(), position);
        Optional<String> known = kept.get(place);
        if (known != null) {
            return Future.succeededFuture(known);
        }
        Future<Optional<String>> asked = underway.get(place);
        if (asked == null) {
            boolean rests = System.nanoTime() - restUntilNanos < 0;
            if (rests || underway.size() >= MOST_AT_ONCE) {
                return Future.succeededFuture(Optional.empty());
            }
            asked = ask(place);
        }
        return asked.timeout(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
                .otherwise(failure -> Optional.empty());
    }

    private Future<Optional<String>> ask(Place place) {
        Future<Optional<String>> asked =
                history.starts(List.of(place.position()))
                        .map(found -> spec(place, found.get(place.position())));
        underway.put(place, asked);
        asked.onComplete(
                answer -> {
                    underway.remove(place);
                    if (answer.succeeded()) {
                        keep(place, answer.result());
                    } else {
                        restUntilNanos = System.nanoTime() + REST_NANOS;
                        LOG.warn("{} could not be read again", place.position(), answer.cause());
                    }
                });
        return asked;
    }

    private static Optional<String> spec(Place place, @Nullable ExecutionRequest request) {
        return request == null || !request.executionId().equals(place.id())
                ? Optional.empty()
                : Optional.of(SpecJson.redacted(request));
    }

    private void keep(Place place, Optional<String> spec) {
        kept.put(place, spec);
        keptCharacters += length(spec);
        Iterator<Optional<String>> oldest = kept.values().iterator();
        while (kept.size() > MOST_KEPT || keptCharacters > MOST_KEPT_CHARACTERS) {
            keptCharacters -= length(oldest.next());
            oldest.remove();
        }
    }

    private static int length(Optional<String> spec) {
        return spec.map(String::length).orElse(0);
    }
}
