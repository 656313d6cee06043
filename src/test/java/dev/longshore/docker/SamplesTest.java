package dev.longshore.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;

import org.junit.jupiter.api.Test;

import java.time.Instant;

class SamplesTest {
    @Test
    void reads_what_a_kernel_with_cgroup_v1_counts() {
        ContainerStats stats =
                Samples.of(
                        "read",
                        new JsonObject(
                                """
                                {"read": "2026-01-02T03:04:05.5Z", "pids_stats": {"current": 3},
                                 "cpu_stats": {"cpu_usage": {"total_usage": 1000}},
                                 "memory_stats": {"usage": 900, "max_usage": 950, "limit": 2000,
                                  "stats": {"total_inactive_file": 400, "inactive_file": 1}},
                                 "networks": {"eth0": {"rx_bytes": 1, "tx_bytes": 2}, "eth1": {"rx_bytes": 10, "tx_bytes": 20}},
                                 "blkio_stats": {"io_service_bytes_recursive": [
                                  {"major": 8, "op": "Read", "value": 5}, {"major": 9, "op": "Read", "value": 6},
                                  {"major": 8, "op": "Write", "value": 7}, {"major": 8, "op": "Total", "value": 99}]}}
                                """));
        assertThat(stats)
                .isEqualTo(
                        new ContainerStats(
                                Instant.parse("2026-01-02T03:04:05.5Z"),
                                1000,
                                500,
                                950,
                                2000,
                                11,
                                22,
                                11,
                                7,
                                3));
    }

    @Test
    void reads_what_a_kernel_with_cgroup_v2_counts() {
        ContainerStats stats =
                Samples.of(
                        "read",
                        new JsonObject(
                                """
                                {"read": "2026-01-02T03:04:05Z", "pids_stats": {},
                                 "cpu_stats": {"cpu_usage": {"total_usage": 1000}},
                                 "memory_stats": {"usage": 900, "limit": 2000, "stats": {"inactive_file": 100}},
                                 "blkio_stats": {"io_service_bytes_recursive": [{"op": "read", "value": 5}]}}
                                """));
        assertThat(stats.memoryBytes()).isEqualTo(800);
        assertThat(stats.peakMemoryBytes()).isEqualTo(800);
        assertThat(stats.blockReadBytes()).isEqualTo(5);
        assertThat(stats.networkRxBytes()).isZero();
    }

    @Test
    void what_does_not_run_uses_nothing_that_could_be_told() {
        JsonObject empty =
                new JsonObject(
                        """
                        {"read": "0001-01-01T00:00:00Z", "memory_stats": {}, "blkio_stats":
                         {"io_service_bytes_recursive": null}}
                        """);
        assertThatThrownBy(() -> Samples.of("read", empty))
                .isInstanceOf(DockerFailure.Refused.class)
                .hasMessageContaining("not running");
    }
}
