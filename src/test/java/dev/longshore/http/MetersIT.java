package dev.longshore.http;

import static dev.longshore.http.HttpFixture.newId;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.board.BoardHand;
import dev.longshore.board.Samples;
import dev.longshore.job.ExecutionId;
import dev.longshore.job.ExecutionResult;
import dev.longshore.job.ExecutionState;
import dev.longshore.job.LogPosition;
import dev.longshore.job.StatusEvent;

import io.vertx.core.Future;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Instant;

@Timeout(90)
class MetersIT {
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
    void what_happened_is_counted_and_no_label_holds_an_id() {
        ExecutionId id = newId();
        fixture.get("/api/v1/executions/" + id);
        String before = scrape();
        assertThat(before)
                .contains("longshore_executions{state=\"running\"}")
                .contains("longshore_http_requests_seconds_count{")
                .contains("route=\"/api/v1/executions/:id\"")
                .contains("jvm_memory_used_bytes{")
                .contains("longshore_kafka_records_sent_total{role=\"events\"}");
        assertThat(before).doesNotContain(id.value());
    }

    @Test
    void an_execution_that_ends_is_counted_once_with_where_its_time_went() {
        BoardHand hand = new BoardHand(fixture.board);
        ExecutionId id = newId();
        double counted = value(scrape(), FINISHED);
        fixture.call(
                () -> {
                    hand.status(ended(id));
                    hand.result(result(id));
                    hand.result(result(id));
                    return Future.succeededFuture();
                });

        HttpFixture.until(() -> value(scrape(), FINISHED) == counted + 1);
        assertThat(scrape())
                .contains("longshore_execution_phase_seconds_bucket{phase=\"run\",le=\"+Inf\"}")
                .contains("longshore_execution_duration_seconds_count{state=\"succeeded\"}");
    }

    private static final String FINISHED =
            "longshore_executions_finished_total{reason=\"completed\",state=\"succeeded\"}";

    private static String scrape() {
        return fixture.get("/metrics").body();
    }

    private static double value(String scrape, String series) {
        return scrape.lines()
                .filter(line -> line.startsWith(series))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
                .findFirst()
                .orElse(0);
    }

    private static StatusEvent ended(ExecutionId id) {
        return Samples.status(id, fixture.kafka.nodeId(), 9, ExecutionState.SUCCEEDED, null);
    }

    private static ExecutionResult result(ExecutionId id) {
        ExecutionResult sample =
                Samples.result(id, 0, new LogPosition(fixture.kafka.topics().logs(), 0, 0), 3);
        Instant now = Instant.now().plusSeconds(1);
        return new ExecutionResult(
                id,
                sample.jobId(),
                fixture.kafka.nodeId(),
                1,
                sample.outcome(),
                sample.output(),
                sample.log(),
                sample.image(),
                now,
                now,
                now,
                sample.millis());
    }
}
