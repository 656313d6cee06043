package dev.longshore.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.app.dev.EngineApi;
import dev.longshore.app.dev.ImageSetup;
import dev.longshore.docker.EngineEvent.Action;
import dev.longshore.docker.EngineEvent.Engine;
import dev.longshore.docker.Evidence.Cause;
import dev.longshore.job.EngineSpec;
import dev.longshore.testing.PrivateEngine;
import dev.longshore.testing.SocketProxy;
import dev.longshore.testing.SocketProxy.Mode;

import io.vertx.core.Future;
import io.vertx.core.net.SocketAddress;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What a real engine tells of each way to end, and what it comes to. */
class EngineFaultsIT extends OnContext {
    private static final Duration WITHIN = Duration.ofSeconds(30);
    private static final String SLEEPS = "sleep 600";

    private static PrivateEngine engine;

    @TempDir Path directory;

    private final Map<String, String> labels =
            Map.of("dev.longshore.test", UUID.randomUUID().toString());
    private final Heard heard = new Heard();
    private SocketProxy proxy;
    private Docker docker;

    @BeforeAll
    static void startEngine() {
        engine = PrivateEngine.create();
    }

    @AfterAll
    static void endEngine() {
        engine.close();
    }

    @BeforeEach
    void listen() {
        String socket = directory.resolve("p.sock").toString();
        SocketAddress target = EngineHttp.addressOf(URI.create(engine.host()));
        proxy =
                ask(
                        () ->
                                SocketProxy.open(
                                        vertx, SocketAddress.domainSocketAddress(socket), target));
        docker =
                DockerJava.create(
                        vertx, DockerSettings.defaults().withHost(URI.create("unix://" + socket)));
        ask(() -> Future.succeededFuture(docker.events(labels, heard)));
        await(heard.connected(1));
    }

    @AfterEach
    void removeContainers() {
        for (ContainerView left : ask(() -> docker.list(labels))) {
            ask(() -> docker.remove(left.id()));
        }
        ask(docker::close);
        ask(proxy::close);
    }

    private String started(String script) {
        ContainerSpec spec =
                new ContainerSpec(
                        "longshore-test-" + UUID.randomUUID(),
                        EngineSpec.of(ImageSetup.IMAGE, "sh", "-c", script),
                        EngineContract.GRANT,
                        labels);
        String id = ask(() -> docker.create(spec));
        ask(() -> docker.start(id));
        await(heard.told(id, Action.START));
        return id;
    }

    private void byHand(String path) throws IOException {
        new EngineApi(engine.api().address()).post(path, "", WITHIN).orFail(path);
    }

    private ContainerView ended(String id) {
        ask(() -> docker.awaitExit(id));
        return ask(() -> docker.inspect(id));
    }

    private Evidence judged(ContainerView exited) {
        return new EndEvidence(null).judge(exited, heard.of(exited.id()), heard.absences(), false);
    }

    /** The process of the container's init on this host. */
    private static ProcessHandle process(String id) throws IOException {
        long pid =
                engine.api()
                        .get("/containers/" + id + "/json", WITHIN)
                        .orFail("inspect")
                        .json()
                        .path("State")
                        .path("Pid")
                        .asLong();
        return ProcessHandle.of(pid).orElseThrow();
    }

    @Test
    void an_exit_with_137_is_the_programs_own() {
        String id = started("exit 137");
        await(heard.told(id, Action.DIE));
        ContainerView view = ended(id);
        assertThat(view.exitCode()).isEqualTo(137);
        assertThat(heard.actions(id)).containsExactly(Action.CREATE, Action.START, Action.DIE);
        assertThat(judged(view).cause()).isEqualTo(Cause.OWN);
    }

    @Test
    void a_kill_on_the_host_looks_like_an_exit_with_137() throws IOException {
        String id = started(SLEEPS);
        process(id).destroyForcibly();
        await(heard.told(id, Action.DIE));
        ContainerView view = ended(id);
        assertThat(view.exitCode()).isEqualTo(137);
        assertThat(heard.of(id).getLast().exitCode()).isEqualTo(137);
        assertThat(judged(view).cause()).isEqualTo(Cause.OWN);
        assertThat(judged(view).sentence()).contains("killed on the host");
    }

    @Test
    void a_kill_by_hand_is_told_before_the_end() throws IOException {
        String id = started(SLEEPS);
        byHand("/containers/" + id + "/kill");
        await(heard.told(id, Action.DIE));
        Evidence found = judged(ended(id));
        assertThat(found.cause()).isEqualTo(Cause.STOPPED_BY_HAND);
        assertThat(found.signal()).isEqualTo("SIGKILL");
    }

    @Test
    void a_stop_by_hand_is_told_before_and_after_the_end() throws IOException {
        String id = started(SLEEPS);
        byHand("/containers/" + id + "/stop?t=5");
        await(heard.told(id, Action.STOP));
        assertThat(heard.actions(id))
                .containsExactly(Action.CREATE, Action.START, Action.KILL, Action.DIE, Action.STOP);
        Evidence found = judged(ended(id));
        assertThat(found.cause()).isEqualTo(Cause.STOPPED_BY_HAND);
        assertThat(found.signal()).isEqualTo("SIGTERM");
    }

    @Test
    void a_killed_shim_is_told_as_255() throws IOException {
        String id = started(SLEEPS);
        process(id).parent().orElseThrow().destroyForcibly();
        await(heard.told(id, Action.DIE));
        ContainerView view = ended(id);
        assertThat(view.exitCode()).isEqualTo(137);
        assertThat(heard.of(id).getLast().exitCode()).isEqualTo(255);
        assertThat(judged(view).cause()).isEqualTo(Cause.HOST_WENT_DOWN);
    }

    @Test
    void an_engine_that_stops_says_so_and_takes_its_containers_with_it() {
        String id = started(SLEEPS);
        engine.restart();
        await(heard.connected(2));
        assertThat(heard.actions(id))
                .containsExactly(Action.CREATE, Action.START, Action.KILL, Action.DIE, Action.STOP);
        assertThat(heard.absences().getLast().engine()).isEqualTo(Engine.RESTARTED);
        ContainerView view = ended(id);
        assertThat(view.exitCode()).isEqualTo(143);
        assertThat(judged(view).cause()).isEqualTo(Cause.ENGINE_WENT_DOWN);
    }

    @Test
    void an_engine_that_was_killed_ends_its_containers_when_it_is_started() {
        String sleeps = started(SLEEPS);
        String ends = started("sleep 1; exit 7");
        engine.kill();
        engine.start();
        await(heard.connected(2));
        assertThat(heard.absences().getLast().engine()).isEqualTo(Engine.RESTARTED);
        // Told by the new process before it listens: only who asks for what was hears it.
        await(heard.told(sleeps, Action.DIE));
        assertThat(heard.actions(sleeps))
                .startsWith(Action.CREATE, Action.START, Action.KILL)
                .contains(Action.DIE);
        ContainerView view = ended(sleeps);
        assertThat(view.exitCode()).isIn(137, 143);
        assertThat(judged(view).cause()).isEqualTo(Cause.ENGINE_WENT_DOWN);
        assertThat(ended(ends).exitCode()).isIn(7, 137, 143);
    }

    /** By one who listens only now. */
    private Evidence judgedAfterwards(String id) {
        ContainerView exited = ended(id);
        Heard late = new Heard();
        EventWatch watch = ask(() -> Future.succeededFuture(docker.events(labels, late)));
        await(late.connected(1));
        EngineEvent.Connected first = (EngineEvent.Connected) late.all().getFirst();
        Absence before = Absence.before(first, exited, late.of(id));
        watch.close();
        return new EndEvidence(null)
                .judge(exited, late.of(id), before == null ? List.of() : List.of(before), false);
    }

    @Test
    void who_listens_only_afterwards_tells_a_killed_engine_from_an_own_end() {
        String fails = started("exit 7");
        ended(fails);
        assertThat(judgedAfterwards(fails).cause()).isEqualTo(Cause.OWN);
        String sleeps = started(SLEEPS);
        engine.kill();
        engine.start();
        await(heard.connected(2));
        assertThat(judgedAfterwards(sleeps).cause()).isEqualTo(Cause.ENGINE_WENT_DOWN);
        assertThat(judgedAfterwards(fails).cause()).isEqualTo(Cause.OWN);
    }

    @Test
    void who_listens_only_afterwards_tells_a_stopped_engine_and_a_crash_too() {
        String stopped = started(SLEEPS);
        engine.restart();
        await(heard.connected(2));
        assertThat(judgedAfterwards(stopped).cause()).isEqualTo(Cause.ENGINE_WENT_DOWN);
        String crashed = started(SLEEPS);
        engine.crash();
        engine.start();
        await(heard.connected(3));
        assertThat(judgedAfterwards(crashed).cause()).isEqualTo(Cause.HOST_WENT_DOWN);
    }

    @Test
    void a_crash_of_all_leaves_255() {
        String id = started(SLEEPS);
        engine.crash();
        engine.start();
        await(heard.connected(2));
        ContainerView view = ended(id);
        assertThat(view.exitCode()).isEqualTo(255);
        assertThat(heard.actions(id)).doesNotContain(Action.DIE);
        assertThat(judged(view).cause()).isEqualTo(Cause.HOST_WENT_DOWN);
    }

    @Test
    void a_connection_that_broke_misses_nothing_and_blames_nobody() throws IOException {
        String id = started(SLEEPS);
        proxy.mode(Mode.RESET);
        await(heard.until(told -> told.getLast() instanceof EngineEvent.Lost));
        byHand("/containers/" + id + "/kill");
        proxy.mode(Mode.PASS);
        await(heard.told(id, Action.DIE));
        assertThat(heard.absences().getLast().engine()).isEqualTo(Engine.SAME);
        assertThat(heard.actions(id))
                .containsExactly(Action.CREATE, Action.START, Action.KILL, Action.DIE);
        assertThat(judged(ended(id)).cause()).isEqualTo(Cause.STOPPED_BY_HAND);
    }
}
