package dev.longshore.docker;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.longshore.docker.EngineEvent.Action;

import io.vertx.core.json.JsonObject;

import org.junit.jupiter.api.Test;

import java.net.URLDecoder;
import java.time.Instant;
import java.util.Map;

class EventItemsTest {
    private static JsonObject item(String action, JsonObject attributes) {
        return new JsonObject()
                .put("Type", "container")
                .put("Action", action)
                .put("Actor", new JsonObject().put("ID", "c").put("Attributes", attributes))
                .put("timeNano", 1_700_000_000_123_456_789L);
    }

    @Test
    void reads_an_end_with_its_code_and_its_time() {
        assertThat(EventItems.container(item("die", new JsonObject().put("exitCode", "255"))))
                .isEqualTo(
                        new EngineEvent.Container(
                                "c",
                                Action.DIE,
                                255,
                                null,
                                Instant.ofEpochSecond(1_700_000_000, 123_456_789)));
    }

    @Test
    void names_the_signals_that_it_knows() {
        assertThat(EventItems.container(item("kill", new JsonObject().put("signal", "15"))))
                .extracting(EngineEvent.Container::signal)
                .isEqualTo("SIGTERM");
        assertThat(EventItems.container(item("kill", new JsonObject().put("signal", "34"))))
                .extracting(EngineEvent.Container::signal)
                .isEqualTo("34");
    }

    @Test
    void leaves_out_what_it_does_not_know() {
        assertThat(EventItems.container(item("exec_create: sh", new JsonObject()))).isNull();
        assertThat(EventItems.container(item("die", new JsonObject()).put("Type", "image")))
                .isNull();
        assertThat(EventItems.container(new JsonObject())).isNull();
    }

    @Test
    void asks_for_containers_with_all_labels() {
        String path = URLDecoder.decode(EventItems.path(Map.of("a", "b")), UTF_8);
        assertThat(path).contains("\"label\":[\"a=b\"]").contains("\"type\":[\"container\"]");
    }

    @Test
    void writes_times_with_nine_digits() {
        assertThat(EventItems.time(Instant.ofEpochSecond(5, 7))).isEqualTo("5.000000007");
    }
}
