package dev.longshore.cli;

import dev.longshore.bench.Calls;
import dev.longshore.bench.Lab;
import dev.longshore.bench.Latency;
import dev.longshore.bench.LogPipeline;
import dev.longshore.bench.Report;
import dev.longshore.bench.Throughput;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The benchmarks that run jobs on the machine's engine. */
final class BenchEngineCommands {
    private BenchEngineCommands() {}

    /** {@code bench throughput}. */
    @Command(
            name = "throughput",
            description = "Jobs a second, from the topic jobs to results, beside the bare engine.",
            footer = {"", "Examples:", "  longshore bench throughput --jobs 40 --pairs 5"})
    static final class ThroughputCommand extends BenchMeasurement {
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

        @Option(
                names = "--warm-up",
                paramLabel = "N",
                defaultValue = "100",
                description = "Jobs of the node before what is measured. Default: 100.")
        private int warmUp;

        ThroughputCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        Report measure(Lab lab) throws Exception {
            return new Throughput(lab, new Throughput.Options(jobs, pairs, concurrency, warmUp))
                    .run();
        }
    }

    /** {@code bench latency}. */
    @Command(
            name = "latency",
            description =
                    "From a command to its result, one job at a time, beside the bare engine.",
            footer = {"", "Examples:", "  longshore bench latency --jobs 50"})
    static final class LatencyCommand extends BenchMeasurement {
        @Option(
                names = "--jobs",
                paramLabel = "N",
                defaultValue = "200",
                description = "Jobs on each side. Default: 200.")
        private int jobs;

        LatencyCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        Report measure(Lab lab) throws Exception {
            return new Latency(lab, jobs).run();
        }
    }

    /** {@code bench logs}. */
    @Command(
            name = "logs",
            description =
                    "A container's log by Kafka to a websocket, beside the engine's own stream.",
            footer = {"", "Examples:", "  longshore bench logs --lines 100000 --pairs 3"})
    static final class LogsCommand extends BenchMeasurement {
        @Option(
                names = "--lines",
                paramLabel = "N",
                defaultValue = "300000",
                description = "Lines of 100 bytes, printed flat out. Default: 300000.")
        private int lines;

        @Option(
                names = "--pairs",
                paramLabel = "N",
                defaultValue = "3",
                description = "Pairs of node and bare engine. Default: 3.")
        private int pairs;

        @Option(
                names = "--seconds",
                paramLabel = "N",
                defaultValue = "10",
                description = "Of about 1,000 lines a second, for their delay. Default: 10.")
        private int seconds;

        LogsCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        Report measure(Lab lab) throws Exception {
            return new LogPipeline(lab, new LogPipeline.Options(lines, pairs, seconds)).run();
        }
    }

    /** {@code bench calls}. */
    @Command(
            name = "calls",
            description = "Every call to the engine that one job makes, in order, with its time.",
            footer = {"", "Examples:", "  longshore bench calls --jobs 20"})
    static final class CallsCommand extends BenchMeasurement {
        @Option(
                names = "--jobs",
                paramLabel = "N",
                defaultValue = "50",
                description = "Jobs, one after the other. Default: 50.")
        private int jobs;

        CallsCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        Report measure(Lab lab) throws Exception {
            return new Calls(lab, jobs).run();
        }
    }
}
