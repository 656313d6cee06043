package dev.longshore.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.docker.EngineEvent.Action;
import dev.longshore.docker.EngineEvent.Engine;
import dev.longshore.docker.Evidence.Cause;
import dev.longshore.job.EngineSpec;

import io.vertx.core.Future;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Map;

/** The fake's ways to go wrong look like a real engine's. */
class FakeEngineEventsTest extends OnContext {
    private static final Map<String, String> LABELS = Map.of("l", "1");

    private final Heard heard = new Heard();
    private FakeDocker docker;
    private String id;

    @BeforeEach
    void runAProgram() {
        docker =
                new FakeDocker(vertx, Duration.ofMillis(100))
                        .image("i")
                        .program(FakeProgram.untilStopped(), "sleep");
        ask(() -> Future.succeededFuture(docker.events(LABELS, heard)));
        await(heard.connected(1));
        ContainerSpec spec =
                new ContainerSpec("n", EngineSpec.of("i", "sleep"), EngineContract.GRANT, LABELS);
        id = ask(() -> docker.create(spec));
        ask(() -> docker.start(id));
    }

    private Cause judged() {
        ContainerView view = ask(() -> docker.inspect(id));
        return new EndEvidence(null).judge(view, heard.of(id), heard.absences(), false).cause();
    }

    @Test
    void a_stop_by_hand_is_told() {
        docker.stopByHand(id);
        await(heard.told(id, Action.STOP));
        assertThat(judged()).isEqualTo(Cause.STOPPED_BY_HAND);
    }

    @Test
    void an_engine_that_stops_ends_its_containers_first() {
        docker.stopEngine();
        assertThatThrownBy(() -> ask(docker::ping)).isInstanceOf(DockerFailure.Unreachable.class);
        docker.startEngine(137);
        await(heard.connected(2));
        assertThat(judged()).isEqualTo(Cause.ENGINE_WENT_DOWN);
    }

    @Test
    void an_engine_that_was_killed_ends_its_containers_when_it_is_started() {
        docker.killEngine();
        docker.startEngine(137);
        await(heard.told(id, Action.STOP));
        assertThat(heard.actions(id)).endsWith(Action.KILL, Action.DIE, Action.STOP);
        assertThat(judged()).isEqualTo(Cause.ENGINE_WENT_DOWN);
    }

    @Test
    void a_host_that_crashed_leaves_255() {
        docker.killEngine();
        docker.startEngine(255);
        await(heard.connected(2));
        assertThat(judged()).isEqualTo(Cause.HOST_WENT_DOWN);
    }

    @Test
    void a_stream_that_was_cut_misses_nothing() {
        docker.cutEvents();
        docker.end(id, 137);
        docker.connectEvents(Engine.SAME);
        await(heard.told(id, Action.DIE));
        assertThat(judged()).isEqualTo(Cause.OWN);
    }
}
