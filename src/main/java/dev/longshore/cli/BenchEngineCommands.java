package dev.longshore.cli;

import dev.longshore.bench.Latency;
import dev.longshore.bench.Throughput;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.util.concurrent.Callable;

/** The benchmarks that run jobs on the machine's engine. */
final class BenchEngineCommands {
    private BenchEngineCommands() {}

    /** {@code bench throughput}. */
    @Command(
            name = "throughput",
            description = "Jobs a second, from the topic jobs to results, beside the bare engine.",
            footer = {"", "Examples:", "  longshore bench throughput --jobs 40 --pairs 5"})
    static final class ThroughputCommand implements Callable<Integer> {
        @Mixin private final BenchCommand.Run run = new BenchCommand.Run();

        @Option(
                names = "--jobs",
                paramLabel = "N",
                defaultValue = "40",
                description = "Jobs in each half of a pair. Default: 40.")
        private int jobs;

        @Option(
                names = "--pairs",
                paramLabel = "N",
                defaultValue = "5",
                description = "Pairs of node and bare engine. Default: 5.")
        private int pairs;

        @Option(
                names = "--concurrency",
                paramLabel = "N",
                defaultValue = "0",
                description = "Jobs at a time; 0, the default, finds the best of each.")
        private int concurrency;

        private final Terminal terminal;

        ThroughputCommand(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() throws Exception {
            return run.measure(
                    terminal,
                    lab ->
                            new Throughput(lab, new Throughput.Options(jobs, pairs, concurrency))
                                    .run());
        }
    }

    /** {@code bench latency}. */
    @Command(
            name = "latency",
            description = "From a command to its result, one job at a time, beside the bare engine.",
            footer = {"", "Examples:", "  longshore bench latency --jobs 50"})
    static final class LatencyCommand implements Callable<Integer> {
        @Mixin private final BenchCommand.Run run = new BenchCommand.Run();

        @Option(
                names = "--jobs",
                paramLabel = "N",
                defaultValue = "200",
                description = "Jobs on each side. Default: 200.")
        private int jobs;

        private final Terminal terminal;

        LatencyCommand(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() throws Exception {
            return run.measure(terminal, lab -> new Latency(lab, jobs).run());
        }
    }
}
