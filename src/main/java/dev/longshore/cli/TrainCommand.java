package dev.longshore.cli;

import dev.longshore.bench.Lab;
import dev.longshore.bench.Report;
import dev.longshore.bench.Training;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code train}: has nodes start with what an earlier run has loaded and linked. */
@Command(
        name = "train",
        description =
                "Write the caches with which nodes and client commands start faster (about a"
                        + " minute, 250 MB).",
        footer = {
            "",
            "Runs serve, dev and ps for a moment on a simulated engine and lets Java write down"
                    + " what they loaded,",
            "linked and found hot (target/*.aot). The launcher uses it until the program is built"
                    + " anew; then train again.",
            "",
            "Examples:",
            "  longshore train"
        })
final class TrainCommand extends BenchMeasurement {
    @Option(
            names = "--jobs",
            paramLabel = "N",
            defaultValue = "200",
            description = "Jobs in each training run. Default: 200.")
    private int jobs;

    TrainCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Report measure(Lab lab) throws Exception {
        return new Training(lab, jobs).run();
    }
}
