package dev.longshore.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.docker.DockerFailure;
import dev.longshore.job.Outcome;
import dev.longshore.job.Reason;

import org.junit.jupiter.api.Test;

class OutcomesTest {
    @Test
    void an_engine_that_was_killed_in_the_middle_of_a_start_is_no_fault_of_the_job() {
        Outcome outcome =
                Outcomes.ofFailure(
                        new DockerFailure.StartFailed(
                                "start container f5f98f: task f5f98f: already exists", -1),
                        Reason.START_FAILED);
        assertThat(outcome.reason()).isEqualTo(Reason.INFRA_LOST);
    }

    @Test
    void a_program_that_is_not_there_is() {
        Outcome outcome =
                Outcomes.ofFailure(
                        new DockerFailure.StartFailed("exec: nope: not found", 127),
                        Reason.START_FAILED);
        assertThat(outcome.reason()).isEqualTo(Reason.START_FAILED);
        assertThat(outcome.exitCode()).isEqualTo(127);
    }
}
