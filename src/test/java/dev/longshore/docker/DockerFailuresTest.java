package dev.longshore.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;

class DockerFailuresTest {
    private static DockerException said(int status, String message) {
        return new DockerException(
                "Status " + status + ": {\"message\":\"" + message + "\"}\n", status);
    }

    @Test
    void a_missing_container_and_a_missing_image_are_told_apart() {
        assertThat(
                        DockerFailures.of(
                                "x",
                                new NotFoundException(
                                        "Status 404: {\"message\":\"No such container: y\"}")))
                .isInstanceOf(DockerFailure.NoSuchContainer.class)
                .hasMessage("x: No such container: y");
        assertThat(
                        DockerFailures.of(
                                "x",
                                new NotFoundException(
                                        "Status 404: {\"message\":\"No such image: y:1\"}")))
                .isInstanceOf(DockerFailure.ImageNotFound.class);
        assertThat(DockerFailures.of("x", said(404, "page not found")))
                .isInstanceOf(DockerFailure.Refused.class);
    }

    @Test
    void a_taken_name_is_told_from_other_conflicts() {
        String taken =
                "Conflict. The container name \\\"/a\\\" is already in use by container \\\"b\\\".";
        assertThat(
                        DockerFailures.of(
                                "x",
                                new ConflictException(
                                        "Status 409: {\"message\":\"" + taken + "\"}")))
                .isInstanceOf(DockerFailure.NameTaken.class);
        DockerFailure removal =
                DockerFailures.of("x", said(409, "removal of container b is already in progress"));
        assertThat(removal).isInstanceOf(DockerFailure.Refused.class);
        assertThat(DockerFailures.removalInProgress(removal)).isTrue();
        DockerFailure dead =
                DockerFailures.of(
                        "x", said(409, "Cannot kill container: b: Container b is not running"));
        assertThat(DockerFailures.notRunning(dead)).isTrue();
        assertThat(DockerFailures.notRunning(removal)).isFalse();
    }

    @Test
    void what_is_no_answer_is_unreachable_and_retryable() {
        DockerFailure failure =
                DockerFailures.of("ping", new RuntimeException(new IOException("Broken pipe")));
        assertThat(failure)
                .isInstanceOf(DockerFailure.Unreachable.class)
                .hasMessage("ping: Broken pipe");
        assertThat(failure.retryable()).isTrue();
        assertThat(DockerFailures.of("x", said(500, "boom")).retryable()).isTrue();
        assertThat(DockerFailures.of("x", said(400, "bad")).retryable()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "400 | exec: \\\"nope\\\": executable file not found in $PATH: unknown | 127",
                "404 | exec: \\\"nope\\\": not found | 127",
                "400 | exec: \\\"/nope\\\": stat /nope: no such file or directory: unknown | 127",
                "400 | exec: \\\"/etc/passwd\\\": permission denied: unknown | 126",
                "400 | exec: \\\"/etc\\\": is a directory: unknown | 126",
                "500 | OCI runtime create failed: cgroups: cannot find mount | -1",
            })
    void a_failed_start_gets_the_shells_exit_code(int status, String message, int exitCode) {
        assertThat(DockerFailures.ofStart("start c", said(status, message)))
                .isInstanceOfSatisfying(
                        DockerFailure.StartFailed.class,
                        failure -> assertThat(failure.exitCode()).isEqualTo(exitCode));
    }

    @Test
    void a_start_of_nothing_is_no_failed_start() {
        assertThat(DockerFailures.ofStart("start c", said(404, "No such container: c")))
                .isInstanceOf(DockerFailure.NoSuchContainer.class);
        assertThat(DockerFailures.ofStart("start c", new IOException("reset")))
                .isInstanceOf(DockerFailure.Unreachable.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "404 | manifest for busybox:no not found: manifest unknown: manifest unknown |"
                        + " ImageNotFound",
                "404 | pull access denied for x, repository does not exist or may require 'docker"
                        + " login' | ImageDenied",
                "500 | unauthorized: authentication required | ImageDenied",
                "401 | x | ImageDenied",
                "403 | x | ImageDenied",
                "0 | toomanyrequests: You have reached your pull rate limit. authentication may"
                        + " increase it | ImageRateLimited",
                "500 | Get https://r/v2/: dial tcp: lookup r: no such host | PullFailed",
                "0 | write /var/lib/docker/tmp/x: no space left on device | EngineDiskFull",
                "400 | invalid reference format | Refused",
            })
    void a_failed_pull_says_whose_fault_it_is(int status, String words, String kind) {
        assertThat(DockerFailures.pullRefused("pull x", status, words).getClass().getSimpleName())
                .isEqualTo(kind);
    }

    @Test
    void a_full_disk_is_told_whatever_was_asked_and_says_what_to_do() {
        DockerException said = said(500, "mkdir /var/lib/docker/x: no space left on device");
        assertThat(DockerFailures.of("create c", said))
                .isInstanceOf(DockerFailure.EngineDiskFull.class)
                .hasMessageContaining("free space");
        assertThat(DockerFailures.ofStart("start c", said))
                .isInstanceOf(DockerFailure.EngineDiskFull.class);
        assertThat(DockerFailures.ofStart("start c", said).retryable()).isTrue();
        DockerException cgroups =
                said(500, "mkdir /sys/fs/cgroup/memory/docker/c: no space left on device");
        assertThat(DockerFailures.ofStart("start c", cgroups))
                .isInstanceOf(DockerFailure.StartFailed.class);
    }

    @Test
    void a_limit_of_the_registry_is_a_failed_pull_that_may_be_tried_again() {
        DockerFailure failure = DockerFailures.pullRefused("pull x", 429, "y".repeat(500));
        assertThat(failure)
                .isInstanceOf(DockerFailure.PullFailed.class)
                .isInstanceOf(DockerFailure.ImageRateLimited.class)
                .hasMessageContaining("log in to the registry");
        assertThat(failure.getMessage()).hasSize(300);
        assertThat(failure.retryable()).isTrue();
    }

    @Test
    void an_image_in_use_and_a_missing_path_are_told_apart() {
        assertThat(
                        DockerFailures.of(
                                "x",
                                said(
                                        409,
                                        "conflict: unable to remove repository reference"
                                            + " \\\"a:1\\\" (must force) - container b is using its"
                                            + " referenced image c")))
                .isInstanceOf(DockerFailure.ImageInUse.class);
        assertThat(DockerFailures.of("x", said(404, "Could not find the file /a in container b")))
                .isInstanceOf(DockerFailure.NoSuchPath.class);
    }

    @Test
    void a_message_is_one_short_line() {
        DockerFailure failure =
                DockerFailures.of(
                        "x", new IOException("a\r\nb\u001b[31m\u0000\u2028" + "y".repeat(900)));
        assertThat(failure.getMessage())
                .startsWith("x: a\\r\\nb\\u001b[31m\\u0000\\u2028yyy")
                .hasSize(300);
    }

    @Test
    void an_answer_that_is_no_json_is_kept_as_text() {
        assertThat(DockerFailures.of("x", new DockerException("Status 502: {gateway", 502)))
                .hasMessage("x: {gateway");
        assertThat(DockerFailures.of("x", new DockerException("", 503)))
                .hasMessage("x: status 503");
    }

    @Test
    void a_device_that_the_host_lacks_is_no_missing_program() {
        DockerFailure failure =
                DockerFailures.ofStart(
                        "start",
                        new DockerException(
                                "error gathering device information while adding custom device"
                                        + " \"/dev/kfd\": no such file or directory",
                                500));
        assertThat(failure)
                .isInstanceOfSatisfying(
                        DockerFailure.StartFailed.class,
                        failed -> assertThat(failed.exitCode()).isEqualTo(-1));
    }
}
