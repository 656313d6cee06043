package dev.longshore.cli;

import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/** The program {@code longshore}: finds the command, runs it, ends with its exit code. */
public final class Main {
    private Main() {}

    /** Runs the command in {@code arguments} and exits the process. */
    public static void main(String[] arguments) {
        Terminal terminal = Terminal.ofProcess();
        int exitCode = run(terminal, arguments);
        terminal.out().flush();
        // Clients leave threads of the HTTP client behind, a node that failed to start leaves more.
        System.exit(exitCode);
    }

    /** Runs the command and gives its exit code. */
    static int run(Terminal terminal, String... arguments) {
        CommandLine root = new CommandLine(new RootCommand());
        String wanted = arguments.length == 0 ? "" : arguments[0];
        commands(terminal)
                .forEach(
                        (name, command) -> {
                            // Describing a command by reflection takes milliseconds each: a named
                            // one needs only its own.
                            if (!isCommand(terminal, wanted) || name.equals(wanted)) {
                                root.addSubcommand(name, command.get());
                            }
                        });
        finish(root, terminal);
        Ansi ansi = terminal.colours() ? Ansi.ON : Ansi.OFF;
        root.setUsageHelpAutoWidth(false).setUsageHelpWidth(100);
        root.setColorScheme(CommandLine.Help.defaultColorScheme(ansi));
        root.setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8));
        root.setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8));
        root.setParameterExceptionHandler((failure, words) -> usage(terminal, failure));
        root.setExecutionExceptionHandler((failure, command, words) -> failed(terminal, failure));
        for (String name : List.of("run", "exec")) {
            CommandLine command = root.getSubcommands().get(name);
            if (command != null) {
                // What follows the first word belongs to the program, options and all.
                command.setStopAtPositional(true);
            }
        }
        return root.execute(arguments);
    }

    /** The whole program, with every command. */
    static CommandLine everything(Terminal terminal) {
        CommandLine root = new CommandLine(new RootCommand());
        commands(terminal).forEach((name, command) -> root.addSubcommand(name, command.get()));
        finish(root, terminal);
        return root;
    }

    private static void finish(CommandLine root, Terminal terminal) {
        addHelp(root);
        CommandLine bench = root.getSubcommands().get("bench");
        if (bench != null) {
            BenchCommand.subcommands(terminal).forEach(bench::addSubcommand);
            bench.getSubcommands().values().forEach(Main::addHelp);
        }
        root.getSubcommands().values().forEach(Main::addHelp);
        root.setCaseInsensitiveEnumValuesAllowed(true);
    }

    private static void addHelp(CommandLine command) {
        command.getCommandSpec()
                .addOption(
                        OptionSpec.builder("-h", "--help")
                                .usageHelp(true)
                                .description("Show this help.")
                                .build());
    }

    private static boolean isCommand(Terminal terminal, String word) {
        return commands(terminal).containsKey(word);
    }

    /** In the order of the help. */
    private static Map<String, Supplier<Callable<Integer>>> commands(Terminal terminal) {
        Map<String, Supplier<Callable<Integer>>> commands = new LinkedHashMap<>();
        commands.put("dev", () -> new DevCommand(terminal));
        commands.put("demo", () -> new DemoCommand(terminal));
        commands.put("serve", () -> new ServeCommand(terminal));
        commands.put("run", () -> new RunCommand(terminal));
        commands.put("submit", () -> new SubmitCommand(terminal));
        commands.put("logs", () -> new LogsCommand(terminal));
        commands.put("ps", () -> new PsCommand(terminal));
        commands.put("inspect", () -> new InspectCommand(terminal));
        commands.put("cancel", () -> new CancelCommand(terminal));
        commands.put("pause", () -> new ControlCommand.Pause(terminal));
        commands.put("resume", () -> new ControlCommand.Resume(terminal));
        commands.put("signal", () -> new ControlCommand.Signal(terminal));
        commands.put("extend", () -> new ExtendCommand(terminal));
        commands.put("remove", () -> new ControlCommand.Remove(terminal));
        commands.put("wait", () -> new WaitCommand(terminal));
        commands.put("exec", () -> new ExecCommand(terminal));
        commands.put("stats", () -> new StatsCommand(terminal));
        commands.put("outputs", () -> new OutputsCommand(terminal));
        commands.put("dead-letters", () -> new DeadLettersCommand(terminal));
        commands.put("nodes", () -> new NodesCommand(terminal));
        commands.put("drain", () -> new DrainCommand(terminal));
        commands.put("cleanup", () -> new CleanupCommand(terminal));
        commands.put("prefetch", () -> new PrefetchCommand(terminal));
        commands.put("topics", () -> new TopicsCommand(terminal));
        commands.put("doctor", () -> new DoctorCommand(terminal));
        commands.put("bench", BenchCommand::new);
        commands.put("train", () -> new TrainCommand(terminal));
        commands.put("completion", () -> new CompletionCommand(terminal));
        commands.put("version", () -> new VersionCommand(terminal));
        return commands;
    }

    private static int usage(Terminal terminal, ParameterException failure) {
        CommandLine command = failure.getCommandLine();
        terminal.say(String.valueOf(failure.getMessage()));
        if (!CommandLine.UnmatchedArgumentException.printSuggestions(failure, command.getErr())) {
            String name = command.getCommandSpec().qualifiedName();
            terminal.err().println("See: " + name + " --help");
        }
        return ExitCodes.USAGE;
    }

    private static int failed(Terminal terminal, Exception failure) {
        if (failure instanceof CliFailure known) {
            if (!String.valueOf(known.getMessage()).isEmpty()) {
                terminal.say(String.valueOf(known.getMessage()));
            }
            return known.exitCode();
        }
        terminal.say("this should not happen; please report it:");
        failure.printStackTrace(terminal.err());
        return ExitCodes.FAILED;
    }
}
