package dev.longshore.http;

import static dev.longshore.http.HttpFixture.json;
import static dev.longshore.http.HttpFixture.newId;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.job.ExecutionId;

import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocketConnectOptions;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;

@Timeout(90)
class AccessIT {
    private static final String EXECUTIONS = "/api/v1/executions";
    private static HttpFixture fixture;
    private static ExecutionId id;

    @BeforeAll
    static void start() {
        AccessTokens tokens =
                AccessTokens.read(
                        List.of(
                                "viewer read viewer-0123456789",
                                "team write team-0123456789ab",
                                "other write other-0123456789a other-*",
                                "shell exec shell-0123456789a",
                                "ops admin ops-0123456789abc"));
        fixture = new HttpFixture(HttpSettings.defaults().with(3, tokens));
        id = newId();
        fixture.running(id);
    }

    @AfterAll
    static void stop() {
        fixture.close();
    }

    @ParameterizedTest
    @CsvSource({
        "GET,/api/v1/executions,-,401",
        "GET,/api/v1/executions,wrong-0123456789,401",
        "GET,/api/v1/executions,viewer-0123456789,200",
        "GET,/api/v1/executions/ID,viewer-0123456789,200",
        "GET,/api/v1/executions/ID/logs,-,401",
        "GET,/api/v1/executions/ID/logs,viewer-0123456789,200",
        "GET,/api/v1/executions/ID/logs,other-0123456789a,404",
        "GET,/api/v1/executions/ID/stats,-,401",
        "GET,/api/v1/executions/ID/outputs/x,-,401",
        "POST,/api/v1/executions,viewer-0123456789,403",
        "POST,/api/v1/executions,team-0123456789ab,202",
        "POST,/api/v1/executions,other-0123456789a,403",
        "POST,/api/v1/executions/ID/cancel,viewer-0123456789,403",
        "POST,/api/v1/executions/ID/cancel,team-0123456789ab,202",
        "POST,/api/v1/executions/ID/cancel,other-0123456789a,404",
        "POST,/api/v1/executions/ID/exec,team-0123456789ab,403",
        "POST,/api/v1/nodes/n-1/drain,team-0123456789ab,403",
        "POST,/api/v1/nodes/n-1/drain,ops-0123456789abc,404",
        "GET,/api/v1/nodes,other-0123456789a,403",
        "GET,/api/v1/dead-letters,team-0123456789ab,403",
        "GET,/api/v1/dead-letters,ops-0123456789abc,200",
        "POST,/api/v1/dead-letters/0-0/replay,team-0123456789ab,403",
        "POST,/api/v1/dead-letters/0-0/replay,ops-0123456789abc,404",
        "GET,/api/v1/nowhere,viewer-0123456789,403",
        "GET,/api/v1/nowhere,ops-0123456789abc,404",
        "GET,/health/live,-,200"
    })
    void each_token_may_do_what_its_line_says(
            String method, String path, String token, int status) {
        String body = method.equals("POST") && path.equals(EXECUTIONS) ? START : "";
        var request =
                fixture.request(path.replace("ID", id.value()))
                        .method(method, BodyPublishers.ofString(body));
        if (!token.equals("-")) {
            request.header("Authorization", "Bearer " + token);
        }
        HttpResponse<String> response = fixture.send(request.build());

        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        if (status > 399) {
            assertThat(response.headers().firstValue("Content-Type"))
                    .hasValue("application/problem+json");
            assertThat(response.body()).doesNotContain("0123456789");
        }
        assertThat(response.headers().firstValue("WWW-Authenticate").isPresent())
                .isEqualTo(status == 401);
    }

    private static final String START = "{\"image\":\"busybox\",\"jobId\":\"mine\"}";

    @Test
    void a_token_for_some_jobs_sees_no_others_in_the_list() {
        assertThat(
                        json(fixture.get(EXECUTIONS, "Authorization", "Bearer other-0123456789a"))
                                .getJsonArray("executions"))
                .isEmpty();
        assertThat(
                        json(fixture.get(EXECUTIONS, "Authorization", "Bearer viewer-0123456789"))
                                .getJsonArray("executions"))
                .isNotEmpty();
    }

    @Test
    void a_browser_gets_a_cookie_that_scripts_and_other_sites_do_not() {
        HttpResponse<String> login =
                fixture.post("/api/v1/session", "", "Authorization", "Bearer viewer-0123456789");
        assertThat(login.statusCode()).isEqualTo(204);
        String cookie = login.headers().firstValue("Set-Cookie").orElseThrow();
        assertThat(cookie)
                .containsIgnoringCase("HttpOnly")
                .contains("SameSite=Strict")
                .contains("Path=/");

        String pair = cookie.substring(0, cookie.indexOf(';'));
        assertThat(fixture.get(EXECUTIONS, "Cookie", pair).statusCode()).isEqualTo(200);
        assertThat(fixture.post(EXECUTIONS, START, "Cookie", pair).statusCode()).isEqualTo(403);
        try (EventReader events =
                EventReader.open(fixture, EXECUTIONS + "?watch=true", "Cookie", pair)) {
            events.until(event -> event.name().equals("ready"));
        }
        HttpIT.problem(
                fixture.get(EXECUTIONS + "?access_token=viewer-0123456789"), 401, "UNAUTHORIZED");
    }

    @Test
    void a_websocket_without_token_is_refused_before_the_upgrade() {
        WebSocketConnectOptions options =
                new WebSocketConnectOptions()
                        .setHost("127.0.0.1")
                        .setPort(fixture.port)
                        .setURI(EXECUTIONS + "/" + id + "/logs");
        assertThatThrownBy(() -> HttpFixture.await(fixture.sockets.connect(options)))
                .rootCause()
                .isInstanceOfSatisfying(
                        UpgradeRejectedException.class,
                        refused -> assertThat(refused.getStatus()).isEqualTo(401));
        options.addHeader("Authorization", "Bearer viewer-0123456789");
        HttpFixture.await(fixture.sockets.connect(options).compose(socket -> socket.close()));
        HttpFixture.until(() -> fixture.board.openTails() == 0);
    }

    @Test
    void one_address_has_so_many_streams_and_no_more() {
        String[] token = {"Authorization", "Bearer viewer-0123456789"};
        String path = EXECUTIONS + "?watch=true";
        HttpFixture.until(() -> fixture.board.openTails() == 0);
        try (EventReader first = EventReader.open(fixture, path, token);
                EventReader second = EventReader.open(fixture, path, token);
                EventReader third = EventReader.open(fixture, path, token)) {
            assertThat(List.of(first, second, third))
                    .allMatch(one -> one.response().statusCode() == 200);
            HttpIT.problem(fixture.get(path, token), 429, "TOO_MANY_REQUESTS");
        }
        HttpFixture.until(() -> fixture.board.openTails() == 0);
        try (EventReader again = EventReader.open(fixture, path, token)) {
            assertThat(again.response().statusCode()).isEqualTo(200);
        }
        HttpFixture.until(() -> fixture.board.openTails() == 0);
    }
}
