package dev.longshore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.testing.Shell;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/** The launcher as a newcomer types it, against the tests' engine. */
class LauncherIT {
    @TempDir Path data;

    @Test
    void demo_shows_a_job_from_the_topic_to_its_result_all_read_back_from_kafka() throws Exception {
        Shell.Outcome demo =
                Shell.run("./longshore demo --exit --data-dir '" + data.resolve("demo") + "'");

        assertThat(demo.exitCode()).as(demo.all()).isZero();
        assertThat(demo.out())
                .containsSubsequence(
                        "ready http=",
                        "accepted",
                        "starting",
                        "running",
                        "tick 1",
                        "succeeded",
                        "result")
                .contains("a line on stderr");
    }

    @Test
    void demo_ends_with_the_exit_code_of_the_job() throws Exception {
        Shell.Outcome demo =
                Shell.run(
                        "./longshore demo --exit --data-dir '"
                                + data.resolve("demo")
                                + "' -- busybox sh -c 'echo no; exit 7'");

        assertThat(demo.exitCode()).as(demo.all()).isEqualTo(7);
        assertThat(demo.out()).contains("non_zero_exit");
    }
}
