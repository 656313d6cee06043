package dev.longshore.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;

import org.junit.jupiter.api.Test;

import java.util.Map;

class DiskUseTest {
    private static final String ANONYMOUS = "0123456789abcdef".repeat(4);

    @Test
    void a_container_has_its_layer_and_its_anonymous_volumes() {
        JsonObject answer =
                new JsonObject(
                        """
                        {"Containers": [
                           {"Id": "c1", "SizeRw": 100, "Mounts": [
                              {"Type": "volume", "Name": "%1$s"}, {"Type": "volume", "Name": "named"},
                              {"Type": "bind", "Source": "/a"}]},
                           {"Id": "c2", "Mounts": []}],
                         "Volumes": [
                           {"Name": "%1$s", "UsageData": {"Size": 20, "RefCount": 1}},
                           {"Name": "named", "UsageData": {"Size": 5, "RefCount": 1}},
                           {"Name": "other", "UsageData": null}]}
                        """
                                .formatted(ANONYMOUS));
        assertThat(DiskUse.byContainer(answer)).isEqualTo(Map.of("c1", 120L, "c2", 0L));
    }

    @Test
    void a_size_that_the_engine_does_not_know_counts_as_nothing() {
        JsonObject answer =
                new JsonObject(
                        """
                        {"Containers": [{"Id": "c1", "SizeRw": 1, "Mounts": [{"Name": "%1$s"}]}],
                         "Volumes": [{"Name": "%1$s", "UsageData": {"Size": -1, "RefCount": -1}}]}
                        """
                                .formatted(ANONYMOUS));
        assertThat(DiskUse.byContainer(answer)).isEqualTo(Map.of("c1", 1L));
        assertThat(DiskUse.byContainer(new JsonObject("{\"Containers\": null}"))).isEmpty();
    }
}
