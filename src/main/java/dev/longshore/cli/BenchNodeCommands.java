package dev.longshore.cli;

import dev.longshore.bench.Ceiling;
import dev.longshore.bench.Density;
import dev.longshore.bench.FanOut;
import dev.longshore.bench.Footprint;
import dev.longshore.bench.Lab;
import dev.longshore.bench.Report;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.util.List;

/** The benchmarks of the node alone, on a simulated engine. */
final class BenchNodeCommands {
    private BenchNodeCommands() {}

    /** {@code bench fanout}. */
    @Command(
            name = "fanout",
            description = "Many followers of one log at a steady rate. Simulated engine.",
            footer = {"", "Examples:", "  longshore bench fanout --followers 100 --seconds 10"})
    static final class FanOutCommand extends BenchMeasurement {
        @Option(
                names = "--followers",
                paramLabel = "N",
                defaultValue = "1000",
                description = "Websockets at a time. Default: 1000.")
        private int followers;

        @Option(
                names = "--rate",
                paramLabel = "N",
                defaultValue = "1000",
                description = "Lines a second. Default: 1000.")
        private int rate;

        @Option(
                names = "--seconds",
                paramLabel = "N",
                defaultValue = "20",
                description = "How long the program prints. Default: 20.")
        private int seconds;

        FanOutCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        Report measure(Lab lab) throws Exception {
            return new FanOut(lab, new FanOut.Options(followers, rate, seconds)).run();
        }
    }

    /** {@code bench density}. */
    @Command(
            name = "density",
            description = "What idle running jobs cost their node. Simulated engine.",
            footer = {"", "Examples:", "  longshore bench density --jobs 500"})
    static final class DensityCommand extends BenchMeasurement {
        @Option(
                names = "--jobs",
                paramLabel = "N",
                defaultValue = "500",
                description = "Jobs that run and are followed. Default: 500.")
        private int jobs;

        DensityCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        Report measure(Lab lab) throws Exception {
            return new Density(lab, jobs).run();
        }
    }

    /** {@code bench footprint}. */
    @Command(
            name = "footprint",
            description = "Start-up times and memory of serve, dev and the client's commands.",
            footer = {"", "Examples:", "  longshore bench footprint --repeats 3"})
    static final class FootprintCommand extends BenchMeasurement {
        @Option(
                names = "--repeats",
                paramLabel = "N",
                defaultValue = "5",
                description = "Starts of each. Default: 5.")
        private int repeats;

        @Option(
                names = "--running",
                paramLabel = "N",
                defaultValue = "200",
                description = "Jobs that run and are followed, for memory. Default: 200.")
        private int running;

        FootprintCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        Report measure(Lab lab) throws Exception {
            return new Footprint(lab, new Footprint.Options(repeats, running)).run();
        }
    }

    /** {@code bench ceiling}. */
    @Command(
            name = "ceiling",
            description = "Executions a second where the engine costs nothing. Simulated engine.",
            footer = {
                "",
                "Examples:",
                "  longshore bench ceiling",
                "  longshore bench ceiling --known 1000,100000,1000000"
            })
    static final class CeilingCommand extends BenchMeasurement {
        @Option(
                names = "--executions",
                paramLabel = "N",
                defaultValue = "5000",
                description = "Executions to measure each time. Default: 5000.")
        private int executions;

        @Option(
                names = "--concurrency",
                paramLabel = "N",
                defaultValue = "64",
                description = "Executions at a time. Default: 64.")
        private int concurrency;

        @Option(
                names = "--known",
                paramLabel = "N",
                split = ",",
                defaultValue = "1000,100000",
                description =
                        "Executions that the node knows of already, growing. Default:"
                                + " 1000,100000.")
        private List<Integer> known = List.of();

        @Option(
                names = "--warm-up",
                paramLabel = "N",
                defaultValue = "5000",
                description = "Executions before what is measured. Default: 5000.")
        private int warmUp;

        CeilingCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        Report measure(Lab lab) throws Exception {
            return new Ceiling(lab, new Ceiling.Options(executions, concurrency, known, warmUp))
                    .run();
        }
    }
}
