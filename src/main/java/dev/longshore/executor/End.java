package dev.longshore.executor;

import dev.longshore.docker.ContainerView;
import dev.longshore.docker.Evidence.Cause;
import dev.longshore.job.CollectedOutput;
import dev.longshore.job.Outcome;

import io.vertx.core.AsyncResult;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * How an attempt ended.
 *
 * @param outcome what came of it
 * @param remains what it left
 */
record End(Outcome outcome, Remains remains) {
    /**
     * The end of a program that ran.
     *
     * @param exited its container after that, or null where it is gone
     * @param order why we ended it, or null if we did not
     * @param outputs what was collected, or why that failed
     */
    static End of(
            ContainerRun run,
            @Nullable ContainerView exited,
            @Nullable StopOrder order,
            AsyncResult<List<CollectedOutput>> outputs) {
        Outcome outcome =
                order == null && !run.evidence().own() && run.evidence().cause() != Cause.OURS
                        ? Outcomes.ofEngine(exited, run.evidence())
                        : Outcomes.withDoubt(
                                Outcomes.ofExit(
                                        exited,
                                        order,
                                        run.memoryLimitBytes(),
                                        run.shipment().tail()),
                                run.evidence());
        return outputs.succeeded()
                ? new End(outcome, Remains.ofProgram(run, exited, outputs.result()))
                : new End(
                        Outcomes.withoutOutputs(outcome, outputs.cause()),
                        Remains.ofProgram(run, exited, List.of()));
    }
}
