package dev.longshore.executor;

import dev.longshore.bus.Download;
import dev.longshore.bus.OwnExecutions;
import dev.longshore.bus.OwnRefusal;
import dev.longshore.bus.OwnUnavailable;
import dev.longshore.docker.ContainerStats;
import dev.longshore.docker.Docker;
import dev.longshore.docker.DockerFailure;
import dev.longshore.job.ExecAnswer;
import dev.longshore.job.ExecutionId;
import dev.longshore.job.LiveUsage;
import dev.longshore.job.RefusalCode;
import dev.longshore.results.ResultFailure;

import io.vertx.core.Future;

import java.util.List;

/**
 * What only this node can do for the executions it runs, for those who ask by the bus. Lives on the
 * executor's context.
 */
final class OwnDesk implements OwnExecutions {
    private final Berth berth;
    private final Executor executor;

    OwnDesk(Berth berth, Executor executor) {
        this.berth = berth;
        this.executor = executor;
    }

    @Override
    public Future<ExecAnswer> exec(ExecutionId executionId, List<String> command) {
        if (!berth.settings().policy().exec()) {
            return Future.failedFuture(
                    new OwnRefusal(
                            RefusalCode.NOT_PERMITTED,
                            "this node runs no commands in containers; its operator can allow it"
                                    + " with the setting policy.exec"));
        }
        return executor.running(executionId)
                .compose(run -> docker().exec(run.containerId(), command))
                .map(
                        result ->
                                new ExecAnswer(
                                        result.exitCode(),
                                        result.stdout(),
                                        result.stderr(),
                                        result.truncated()))
                .recover(failure -> Future.failedFuture(told(executionId, failure)));
    }

    @Override
    public Future<LiveUsage> stats(ExecutionId executionId) {
        return executor.running(executionId)
                .compose(run -> docker().stats(run.containerId()))
                .map(OwnDesk::usage)
                .recover(failure -> Future.failedFuture(told(executionId, failure)));
    }

    @Override
    public Future<Download> output(ExecutionId executionId, String name) {
        return berth.results()
                .archive(executionId, name)
                .map(archive -> new Download(archive.pause(), archive::close))
                .recover(failure -> Future.failedFuture(toldOfOutput(failure)));
    }

    private static Throwable toldOfOutput(Throwable failure) {
        return failure instanceof ResultFailure.NotFound
                ? new OwnRefusal(RefusalCode.NOT_FOUND, String.valueOf(failure.getMessage()))
                : failure;
    }

    private Docker docker() {
        return berth.docker();
    }

    private static LiveUsage usage(ContainerStats stats) {
        return new LiveUsage(
                stats.time(),
                stats.cpuNanos(),
                stats.memoryBytes(),
                stats.peakMemoryBytes(),
                stats.memoryLimitBytes(),
                stats.pids(),
                stats.networkRxBytes(),
                stats.networkTxBytes(),
                stats.blockReadBytes(),
                stats.blockWriteBytes());
    }

    private static Throwable told(ExecutionId id, Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        return switch (failure) {
            case ExecutorFailure.NotFound missing -> new OwnRefusal(RefusalCode.NOT_FOUND, message);
            case ExecutorFailure.AlreadyFinished finished ->
                    new OwnRefusal(RefusalCode.ALREADY_FINISHED, message);
            case ExecutorFailure.NotRunning notRunning ->
                    new OwnRefusal(RefusalCode.NOT_RUNNING, message);
            case DockerFailure.Refused refused ->
                    new OwnRefusal(
                            RefusalCode.NOT_RUNNING,
                            "the program of execution "
                                    + id
                                    + " does not run just now, or is frozen: "
                                    + message);
            case DockerFailure.NoSuchContainer gone ->
                    new OwnRefusal(
                            RefusalCode.NOT_RUNNING,
                            "the container of execution " + id + " is gone");
            case DockerFailure engine -> new OwnUnavailable(message);
            default -> failure;
        };
    }
}
