package dev.longshore.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.docker.EngineEvent.Action;
import dev.longshore.docker.EngineEvent.Engine;

import io.vertx.core.Future;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What every {@link Docker} tells of what happens to containers. */
abstract class EventsContract extends EngineContract {
    private final Heard heard = new Heard();

    private EventWatch listen() {
        EventWatch watch = ask(() -> Future.succeededFuture(docker.events(LABELS, heard)));
        await(heard.connected(1));
        return watch;
    }

    @Test
    void tells_of_a_container_from_its_making_to_its_end() {
        String here = ask(() -> Future.succeededFuture(Thread.currentThread().getName()));
        EventWatch watch = listen();
        String id = started(DockerContract.SAYS);
        await(heard.told(id, Action.DIE));
        assertThat(heard.all().getFirst())
                .isInstanceOfSatisfying(
                        EngineEvent.Connected.class,
                        first -> assertThat(first.engine()).isEqualTo(Engine.FIRST));
        assertThat(heard.actions(id)).containsExactly(Action.CREATE, Action.START, Action.DIE);
        assertThat(heard.of(id).getLast().exitCode()).isEqualTo(3);
        assertThat(heard.of(id).getLast().signal()).isNull();
        assertThat(heard.threads).containsOnly(here);
        watch.close();
    }

    @Test
    void tells_at_first_what_the_engine_remembers() {
        String id = started(DockerContract.SAYS);
        ask(() -> docker.awaitExit(id));
        EventWatch watch = listen();
        await(heard.told(id, Action.DIE));
        assertThat(heard.all().getFirst()).isInstanceOf(EngineEvent.Connected.class);
        assertThat(heard.actions(id)).containsExactly(Action.CREATE, Action.START, Action.DIE);
        watch.close();
    }

    @Test
    void tells_the_signals_that_ended_a_program_before_its_end() {
        EventWatch watch = listen();
        String id = started(DockerContract.STUBBORN);
        ask(() -> docker.stop(id, "SIGTERM", Duration.ofMillis(200)));
        await(heard.told(id, Action.DIE));
        List<EngineEvent.Container> told = heard.of(id);
        assertThat(told)
                .extracting(EngineEvent.Container::action)
                .containsExactly(Action.CREATE, Action.START, Action.KILL, Action.KILL, Action.DIE);
        assertThat(told.get(2).signal()).isEqualTo("SIGTERM");
        assertThat(told.get(3).signal()).isEqualTo("SIGKILL");
        assertThat(told.get(4).exitCode()).isEqualTo(137);
        watch.close();
    }

    @Test
    void tells_of_a_removal_under_a_program() {
        EventWatch watch = listen();
        String id = started(DockerContract.SLEEPS);
        ask(() -> docker.pause(id));
        ask(() -> docker.unpause(id));
        ask(() -> docker.remove(id));
        await(heard.told(id, Action.DESTROY));
        assertThat(heard.actions(id))
                .containsExactly(
                        Action.CREATE,
                        Action.START,
                        Action.PAUSE,
                        Action.UNPAUSE,
                        Action.KILL,
                        Action.DIE,
                        Action.DESTROY);
        watch.close();
    }

    @Test
    void tells_nothing_of_others_and_nothing_once_closed() {
        Heard others = new Heard();
        EventWatch foreign =
                ask(
                        () ->
                                Future.succeededFuture(
                                        docker.events(
                                                Map.of("dev.longshore.test", "other"), others)));
        EventWatch watch = listen();
        await(others.connected(1));
        String id = started(DockerContract.SLEEPS);
        await(heard.told(id, Action.START));
        watch.close();
        await(watch.end());
        int before = heard.all().size();
        ask(() -> docker.remove(id));
        foreign.close();
        await(foreign.end());
        assertThat(heard.all()).hasSize(before);
        assertThat(others.all()).hasSize(1);
    }
}
