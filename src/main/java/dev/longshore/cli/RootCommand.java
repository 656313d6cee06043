package dev.longshore.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code longshore} alone. */
@Command(
        name = "longshore",
        description = "Runs Docker container jobs from Kafka.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Exit codes: 0 done, 1 failed, 2 usage, 3 cannot reach a node, 125 job refused,",
            "126 and 127 as Docker, otherwise the job's.",
            "",
            "Examples:",
            "  longshore dev                        # everything in one process",
            "  longshore run busybox echo hello     # in another terminal",
            "  longshore run --help"
        })
final class RootCommand implements Runnable {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }
}
