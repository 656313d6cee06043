package dev.longshore.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code bench}: what this machine can do, each figure beside its reference. */
@Command(
        name = "bench",
        description = "Measure this machine: a node beside the bare engine, in one run.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Each starts what it needs by itself, on free ports, and removes it again. Figures go"
                    + " to",
            "standard output, what happens meanwhile to standard error. Goals are told beside"
                    + " figures and",
            "never judged: the exit code is 0 once it was measured. Quiet machines give better"
                    + " figures.",
            "",
            "Examples:",
            "  longshore bench throughput",
            "  longshore bench latency --jobs 50 --output json",
            "  longshore bench footprint --help"
        })
final class BenchCommand implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "say what to measure");
    }

    /** The subcommands, in the order of the help. */
    static Map<String, Callable<Integer>> subcommands(Terminal terminal) {
        Map<String, Callable<Integer>> all = new LinkedHashMap<>();
        all.put("throughput", new BenchEngineCommands.ThroughputCommand(terminal));
        all.put("latency", new BenchEngineCommands.LatencyCommand(terminal));
        all.put("logs", new BenchEngineCommands.LogsCommand(terminal));
        all.put("calls", new BenchEngineCommands.CallsCommand(terminal));
        all.put("fanout", new BenchNodeCommands.FanOutCommand(terminal));
        all.put("density", new BenchNodeCommands.DensityCommand(terminal));
        all.put("footprint", new BenchNodeCommands.FootprintCommand(terminal));
        all.put("ceiling", new BenchNodeCommands.CeilingCommand(terminal));
        all.put("broker", new BenchOwnCommands.Broker(terminal));
        return all;
    }
}
