package dev.longshore.http;

import static dev.longshore.board.Samples.line;
import static dev.longshore.http.HttpFixture.newId;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.ExecutionId;
import dev.longshore.job.LogPosition;

import io.vertx.core.json.JsonObject;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Followers who go away and come back again and again, at random places, while the log is written.
 */
class ReconnectIT {
    private static final int RECONNECTS = Integer.getInteger("reconnects", 200);
    private static final int MOST_LINES_A_TIME = 14;
    private static final int BATCH = 5;
    private static final int LINES = RECONNECTS * MOST_LINES_A_TIME;
    private static final long SEED = Long.getLong("reconnect.seed", System.nanoTime());

    private static HttpFixture fixture;

    @BeforeAll
    static void start() {
        fixture = new HttpFixture();
    }

    @AfterAll
    static void stop() {
        fixture.close();
    }

    @Test
    void who_reconnects_two_hundred_times_sees_each_line_once_and_in_order() throws Exception {
        ExecutionId id = newId();
        LogPosition log = fixture.running(id);
        CompletableFuture<Void> written = CompletableFuture.runAsync(() -> write(id, log));
        CompletableFuture<List<Long>> byEvents =
                CompletableFuture.supplyAsync(() -> followed(id, SEED + 1, this::events));

        List<Long> bySocket = followed(id, SEED, this::socket);

        List<Long> all = LongStream.range(0, LINES).boxed().toList();
        assertThat(bySocket).as("websocket, seed %d", SEED).containsExactlyElementsOf(all);
        assertThat(byEvents.get(5, TimeUnit.MINUTES))
                .as("events, seed %d", SEED)
                .containsExactlyElementsOf(all);
        written.get(1, TimeUnit.MINUTES);
    }

    private static void write(ExecutionId id, LogPosition log) {
        for (int first = 0; first < LINES; first += BATCH) {
            int from = first;
            fixture.write(
                    IntStream.range(0, BATCH)
                            .mapToObj(i -> line(id, from + i, "line " + (from + i)))
                            .toList());
        }
        fixture.finish(id, log, 0, LINES);
    }

    /** One connection: the path, behind which line, and how many it takes; -1 for all the rest. */
    private record Visit(ExecutionId id, long after, int lines) {
        String path() {
            return "/api/v1/executions/" + id.value() + "/logs";
        }
    }

    private List<Long> followed(
            ExecutionId id, long seed, BiFunction<Visit, Random, List<Long>> visit) {
        Random random = new Random(seed);
        List<Long> seen = new ArrayList<>();
        for (int i = 0; i <= RECONNECTS; i++) {
            long last = seen.isEmpty() ? -1 : seen.getLast();
            int lines = i == RECONNECTS ? -1 : random.nextInt(MOST_LINES_A_TIME);
            seen.addAll(visit.apply(new Visit(id, last, lines), random));
        }
        return seen;
    }

    private List<Long> socket(Visit visit, Random random) {
        // With and without the attempt: both are places.
        String place = (random.nextBoolean() ? "1-" : "") + visit.after();
        SocketReader reader =
                SocketReader.open(
                        fixture, visit.path() + (visit.after() < 0 ? "" : "?after=" + place));
        if (visit.lines() < 0) {
            reader.untilClosed();
            return reader.seqs();
        }
        int[] lines = {0};
        if (visit.lines() > 0) {
            reader.until(r -> isLine(r) && ++lines[0] == visit.lines());
        }
        reader.leave();
        return reader.seqs().stream().limit(visit.lines()).toList();
    }

    private List<Long> events(Visit visit, Random random) {
        String[] headers =
                visit.after() < 0
                        ? new String[0]
                        : new String[] {"Last-Event-ID", "1-" + visit.after()};
        List<Long> seen = new ArrayList<>();
        try (EventReader reader = EventReader.open(fixture, visit.path(), headers)) {
            while (visit.lines() < 0 || seen.size() < visit.lines()) {
                EventReader.Event event = reader.next();
                if (event.name().equals("end")) {
                    break;
                }
                if (isLine(event.data())) {
                    seen.add(event.data().getLong("seq"));
                    assertThat(event.id()).isEqualTo("1-" + seen.getLast());
                }
            }
        }
        return seen;
    }

    private static boolean isLine(JsonObject entry) {
        return entry.getString("type").equals("log");
    }
}
