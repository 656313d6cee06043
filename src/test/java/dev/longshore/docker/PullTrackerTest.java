package dev.longshore.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.PullState;

import io.vertx.core.json.JsonObject;

import org.junit.jupiter.api.Test;

class PullTrackerTest {
    private final PullTracker tracker = new PullTracker("pull x");

    private void item(String json) {
        tracker.item(new JsonObject(json));
    }

    @Test
    void counts_layers_and_bytes() {
        item("{\"status\":\"Pulling from library/busybox\",\"id\":\"latest\"}");
        item("{\"status\":\"Pulling fs layer\",\"progressDetail\":{},\"id\":\"a\"}");
        item(
                "{\"status\":\"Downloading\",\"progressDetail\":{\"current\":40,\"total\":100},\"id\":\"a\"}");
        item("{\"status\":\"Already exists\",\"progressDetail\":{},\"id\":\"b\"}");
        assertThat(tracker.progress()).isEqualTo(new PullState(1, 2, 40, 100));
        item(
                "{\"status\":\"Extracting\",\"progressDetail\":{\"current\":1,\"total\":100},\"id\":\"a\"}");
        item("{\"status\":\"Pull complete\",\"progressDetail\":{},\"id\":\"a\"}");
        item("{\"status\":\"Digest: sha256:0\"}");
        assertThat(tracker.progress()).isEqualTo(new PullState(2, 2, 100, 100));
        assertThat(tracker.failure()).isNull();
    }

    @Test
    void an_error_among_the_progress_is_the_failure() {
        item(
                "{\"errorDetail\":{\"message\":\"write /x: no space left on"
                        + " device\"},\"error\":\"write /x\"}");
        assertThat(tracker.failure())
                .isInstanceOf(DockerFailure.EngineDiskFull.class)
                .hasMessageContaining("no space left");
    }

    @Test
    void an_error_without_detail_counts_too() {
        item("{\"error\":\"pull access denied for x\"}");
        assertThat(tracker.failure()).isInstanceOf(DockerFailure.ImageDenied.class);
    }
}
