package dev.longshore.executor;

import dev.longshore.docker.ContainerView;

import io.vertx.core.Future;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * What is done with the container of an attempt at which we failed ourselves: its program is ended,
 * so that the result is the last thing said of it. Lives on the executor's context.
 */
final class Salvage {
    /** What was read of the log gets so long to reach Kafka: what counts it may be what failed. */
    private static final Duration LAST_LINES = Duration.ofSeconds(2);

    private final Berth berth;
    private final Patience patience;

    Salvage(Berth berth) {
        this.berth = berth;
        this.patience = new Patience(berth.timers(), () -> true);
    }

    /**
     * Ends what runs; an engine that is away is waited for.
     *
     * @param making the container, which may still be on its way, or null where none was asked for
     * @param run the run of its program, or null where we know of none
     * @return what is left; never fails
     */
    Future<Remains> of(@Nullable Future<Launch.Made> making, @Nullable ContainerRun run) {
        String logTopic = berth.settings().logTopic();
        Future<@Nullable String> made =
                making == null
                        ? Future.succeededFuture()
                        : making.<@Nullable String>map(Launch.Made::containerId).otherwiseEmpty();
        return made.compose(
                id ->
                        id == null
                                ? Future.succeededFuture(Remains.ofNoProgram(null, logTopic))
                                : ended(id)
                                        .compose(
                                                exited ->
                                                        lastLines(run)
                                                                .map(
                                                                        told ->
                                                                                Remains.salvaged(
                                                                                        id, exited,
                                                                                        run,
                                                                                        logTopic))));
    }

    /** The container after its program's end; null where the engine does not tell. */
    private Future<@Nullable ContainerView> ended(String containerId) {
        return patience.ask(() -> berth.docker().stop(containerId, "SIGKILL", Duration.ZERO))
                .otherwiseEmpty() // it is removed by force later
                .compose(stopped -> patience.ask(() -> berth.docker().inspect(containerId)))
                .<@Nullable ContainerView>map(container -> container)
                .otherwiseEmpty();
    }

    private Future<Void> lastLines(@Nullable ContainerRun run) {
        if (run == null) {
            return Future.succeededFuture();
        }
        run.shipment().giveUp();
        return Future.any(run.shipment().delivered(), patience.pause(LAST_LINES)).mapEmpty();
    }
}
