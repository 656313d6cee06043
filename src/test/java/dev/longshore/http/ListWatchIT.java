package dev.longshore.http;

import static dev.longshore.http.HttpFixture.newId;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.board.BoardHand;
import dev.longshore.board.Samples;
import dev.longshore.job.ExecutionId;
import dev.longshore.job.ExecutionState;
import dev.longshore.job.LogPosition;
import dev.longshore.job.StatusEvent;

import io.vertx.core.Future;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

@Timeout(90)
class ListWatchIT {
    private static final String WATCH = "/api/v1/executions?watch=true";

    /** Of a thousand rows each: more than the buffers of both sockets hold. */
    private static final int CHUNKS = 15;

    private static HttpFixture fixture;

    @BeforeAll
    static void start() {
        HttpSettings usual = HttpSettings.defaults();
        fixture =
                new HttpFixture(
                        new HttpSettings(
                                usual.host(),
                                usual.port(),
                                usual.allowedHosts(),
                                usual.allowedOrigins(),
                                usual.maxBodyBytes(),
                                usual.maxWait(),
                                Duration.ofMillis(200),
                                usual.stallTimeout()));
    }

    @AfterAll
    static void stop() {
        fixture.close();
    }

    @Test
    void who_watches_gets_what_is_there_and_then_every_change() {
        ExecutionId before = newId();
        LogPosition log = fixture.running(before);
        try (EventReader events = EventReader.open(fixture, WATCH + "&limit=1000")) {
            assertThat(events.response().headers().firstValue("Content-Type"))
                    .hasValue("text/event-stream");
            EventReader.Event first = events.until(event -> isOf(event, before));
            assertThat(first.name()).isEqualTo("execution");
            assertThat(first.id()).isEqualTo(before + ":3");
            assertThat(first.data().getString("state")).isEqualTo("running");
            events.until(event -> event.name().equals("ready"));

            ExecutionId after = newId();
            fixture.status(after, 1, ExecutionState.ACCEPTED, null);
            assertThat(events.until(event -> isOf(event, after)).data().getString("state"))
                    .isEqualTo("accepted");
            fixture.finish(before, log, 3, 0);
            EventReader.Event ended =
                    events.until(
                            event ->
                                    // Status and result come by topics of their own, in either
                                    // order.
                                    isOf(event, before)
                                            && "failed".equals(event.data().getString("state"))
                                            && event.data().getValue("exitCode") != null);
            assertThat(ended.data().getInteger("exitCode")).isEqualTo(3);
        }
    }

    @Test
    void a_filter_is_kept_and_what_no_longer_fits_is_gone() {
        ExecutionId other = newId();
        ExecutionId fits = newId();
        fixture.status(other, 1, ExecutionState.PULLING, null);
        LogPosition log = fixture.running(fits);
        try (EventReader events = EventReader.open(fixture, WATCH + "&state=running&limit=1000")) {
            events.until(event -> isOf(event, fits));
            events.until(event -> event.name().equals("ready"));

            fixture.finish(fits, log, 0, 0);
            fixture.status(other, 2, ExecutionState.RUNNING, null);

            // In either order: they come by partitions of their own.
            Map<String, String> seen = new HashMap<>();
            while (seen.size() < 2) {
                EventReader.Event event = events.until(one -> isOf(one, fits) || isOf(one, other));
                seen.put(event.data().getString("executionId"), event.name());
            }
            assertThat(seen)
                    .containsOnly(
                            Map.entry(fits.value(), "gone"), Map.entry(other.value(), "execution"));
        }
    }

    @Test
    void a_quiet_watcher_is_pinged_and_one_that_leaves_leaves_nothing_behind() {
        // A node of its own: readers of other tests may still be leaving.
        try (HttpFixture own = new HttpFixture()) {
            int before = own.board.openWaits();
            try (EventReader events = EventReader.open(own, WATCH + "&limit=1")) {
                events.until(event -> event.name().equals("ready"));
                assertThat(events.nextIsComment()).isTrue();
                assertThat(own.board.openWaits()).isEqualTo(before + 1);
            }
            HttpFixture.until(() -> own.board.openWaits() == before);
        }
    }

    @Test
    void who_is_too_slow_is_told_to_reload_and_ends_with_what_is_true() {
        // A node of its own: so many push all others off its board.
        try (HttpFixture own = new HttpFixture();
                SlowLines slow = SlowLines.open(own.port, WATCH + "&jobId=job&limit=1000")) {
            BoardHand hand = new BoardHand(own.board);
            HttpFixture.until(() -> own.board.openTails() > 0);
            for (int chunk = 0; chunk < CHUNKS; chunk++) {
                int first = chunk * 1_000;
                own.call(
                        () -> {
                            for (int i = first; i < first + 1_000; i++) {
                                hand.status(accepted("slow-" + i));
                            }
                            return Future.succeededFuture();
                        });
                // On the same event loop: what was told before has been handled then.
                own.get("/health/live");
            }
            Set<String> since = new HashSet<>();
            boolean reloaded = false;
            boolean ready = false;
            while (!(reloaded && ready)) {
                String line = slow.line();
                if (line.startsWith("event: reload")) {
                    reloaded = true;
                    since.clear();
                } else if (line.startsWith("id: ")) {
                    since.add(line);
                }
                ready = reloaded && line.startsWith("event: ready");
            }
            assertThat(since).hasSizeGreaterThanOrEqualTo(1_000);
        }
    }

    @Test
    void a_watcher_has_no_cursor() {
        HttpIT.problem(fixture.get(WATCH + "&cursor=x"), 400, "INVALID_PARAMETER");
        HttpIT.problem(fixture.get("/api/v1/executions?watch=maybe"), 400, "INVALID_PARAMETER");
    }

    private static StatusEvent accepted(String id) {
        return Samples.status(new ExecutionId(id), 1, ExecutionState.ACCEPTED, null);
    }

    private static boolean isOf(EventReader.Event event, ExecutionId id) {
        return id.value().equals(event.data().getString("executionId"));
    }
}
