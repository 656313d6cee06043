package dev.longshore.http;

import static dev.longshore.http.HttpFixture.json;
import static dev.longshore.http.HttpFixture.newId;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.board.BoardSettings;
import dev.longshore.board.Samples;
import dev.longshore.job.Execution;
import dev.longshore.job.ExecutionId;
import dev.longshore.job.LogPosition;

import io.vertx.core.json.JsonObject;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.net.http.HttpResponse;
import java.util.List;

/** Executions that a board of two had to let go of. */
@Timeout(90)
class RecallIT {
    private static final String[] ALL = {"Authorization", "Bearer viewer-0123456789"};
    private static final String[] OTHER = {"Authorization", "Bearer other-0123456789a"};
    private static HttpFixture fixture;
    private static ExecutionId first;

    @BeforeAll
    static void start() {
        AccessTokens tokens =
                AccessTokens.read(
                        List.of(
                                "viewer read viewer-0123456789",
                                "other read other-0123456789a other-*"));
        fixture =
                new HttpFixture(
                        HttpSettings.defaults().with(3, tokens),
                        new BoardSettings(2, 200, 1 << 20, 1_000));
        first = finished("old-0", 7);
        for (int i = 1; i < 5; i++) {
            finished("old-" + i, 0);
        }
        assertThat(fixture.board.find(first)).isNull();
    }

    @AfterAll
    static void stop() {
        fixture.close();
    }

    @Test
    void all_of_it_is_told_from_the_topics() {
        JsonObject one = json(get(first, "", ALL));
        assertThat(one.getString("state")).isEqualTo("failed");
        assertThat(json(get(first, "/history", ALL)).getJsonArray("history"))
                .extracting(event -> ((JsonObject) event).getString("state"))
                .containsExactly("accepted", "starting", "running", "failed");
        assertThat(json(get(first, "/result", ALL)).getInteger("exitCode")).isEqualTo(7);
        assertThat(get(first, "/logs", ALL).body()).isEqualTo("line 0 ü\nline 1 ü\n");
        assertThat(get(first, "/logs?follow=true", ALL).body()).isEqualTo("line 0 ü\nline 1 ü\n");
        assertThat(get(first, "/stats", ALL).statusCode()).isEqualTo(409);
    }

    @Test
    void a_token_for_other_jobs_does_not_see_that_it_was_there() {
        assertThat(get(first, "", OTHER).body()).isEqualTo(get(newId(), "", OTHER).body());
        assertThat(get(first, "/logs", OTHER).statusCode()).isEqualTo(404);
    }

    @Test
    void what_never_was_is_not_found_and_found_once_it_is() {
        ExecutionId id = newId();
        assertThat(get(id, "", ALL).statusCode()).isEqualTo(404);
        assertThat(get(id, "/history", ALL).statusCode()).isEqualTo(404);

        fixture.running(id);

        assertThat(json(get(id, "", ALL)).getString("state")).isEqualTo("running");
    }

    private static HttpResponse<String> get(ExecutionId id, String path, String... token) {
        return fixture.get("/api/v1/executions/" + id + path, token);
    }

    private static ExecutionId finished(String name, int exitCode) {
        ExecutionId id = new ExecutionId(name);
        LogPosition log = fixture.running(id);
        fixture.write(List.of(Samples.line(id, 0, "line 0 ü"), Samples.line(id, 1, "line 1 ü")));
        fixture.finish(id, log, exitCode, 2);
        HttpFixture.until(
                () -> {
                    Execution known = fixture.board.find(id);
                    return known == null || known.result() != null;
                });
        return id;
    }
}
