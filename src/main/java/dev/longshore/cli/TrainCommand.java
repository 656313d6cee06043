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
                "Write the caches with which serve and dev start faster (about a minute, 200 MB).",
        footer = {
            "",
            "Runs both for a moment on a simulated engine and lets Java write down what they"
                    + " loaded, linked",
            "and found hot (target/serve.aot, target/dev.aot). The launcher uses them until the"
                    + " program is",
            "built anew; then train again.",
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
