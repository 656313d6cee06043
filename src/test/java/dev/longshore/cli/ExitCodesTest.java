package dev.longshore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.util.Map;

class ExitCodesTest {
    @ParameterizedTest
    @CsvSource({
        "succeeded,completed,0,0",
        "failed,non_zero_exit,3,3",
        "failed,oom_killed,137,137",
        "failed,oom_killed,0,1",
        "failed,timed_out_run,143,143",
        "failed,start_failed,127,127",
        "failed,start_failed,126,126",
        "failed,start_failed,-1,125",
        "failed,image_not_found,-1,125",
        "failed,insufficient_resources,-1,125",
        "rejected,not_permitted,-1,125",
        "cancelled,cancelled,143,143",
        "cancelled,cancelled,-1,130",
        "lost,node_lost,-1,1",
        "failed,infra_lost,-1,1"
    })
    void run_exits_as_the_job_did_or_as_docker_would(
            String state, String reason, int exitCode, int expected) {
        ObjectNode result = ApiClient.JSON.createObjectNode();
        result.put("state", state).put("reason", reason).put("exitCode", exitCode);
        assertThat(ExitCodes.of(result)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"400,125", "409,125", "422,125", "404,1", "500,1", "503,3"})
    void a_problem_has_the_exit_code_that_fits(int status, int expected) {
        byte[] problem =
                ("{\"detail\":\"no digits\",\"code\":\"INVALID_RESOURCES\","
                                + "\"errors\":[{\"pointer\":\"/resources/memory\"}]}")
                        .getBytes(StandardCharsets.UTF_8);
        CliFailure failure = ApiClient.failure(status, problem);
        assertThat(failure.exitCode()).isEqualTo(expected);
        assertThat(failure).hasMessage("/resources/memory: no digits (INVALID_RESOURCES)");
    }

    @Test
    void what_is_no_problem_is_told_by_its_status() {
        assertThat(ApiClient.failure(502, "<html>".getBytes(StandardCharsets.UTF_8)))
                .hasMessage("HTTP status 502");
    }

    @Test
    void a_wrong_command_line_is_2_and_points_to_the_help() {
        assertThat(Typed.run(Map.of()).exitCode()).isEqualTo(2);
        assertThat(Typed.run(Map.of(), "frobnicate").exitCode()).isEqualTo(2);
        Typed missing = Typed.run(Map.of(), "run");
        assertThat(missing.exitCode()).isEqualTo(2);
        assertThat(missing.err()).contains("IMAGE").contains("See: longshore run --help");
        assertThat(Typed.run(Map.of(), "ps", "--url", "localhost").err())
                .contains("http://host:port");
        assertThat(Typed.run(Map.of(), "ps", "--output", "xml").exitCode()).isEqualTo(2);
    }

    @Test
    void a_node_that_is_not_there_is_3_and_says_how_to_start_one() {
        Typed typed = Typed.run(Map.of("LONGSHORE_URL", "http://127.0.0.1:1"), "ps");
        assertThat(typed.exitCode()).isEqualTo(3);
        assertThat(typed.err())
                .contains("cannot reach http://127.0.0.1:1")
                .contains("./longshore dev");
        assertThat(typed.out()).isEmpty();
    }
}
