package dev.longshore.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;

import java.util.concurrent.Callable;

/** {@code completion}: a script that completes commands and options in bash and zsh. */
@Command(
        name = "completion",
        description = "Print a script that completes commands and options in bash and zsh.",
        footer = {
            "",
            "Examples:",
            "  source <(longshore completion)",
            "  longshore completion > /etc/bash_completion.d/longshore"
        })
final class CompletionCommand implements Callable<Integer> {
    private final Terminal terminal;

    CompletionCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        terminal.print(AutoComplete.bash("longshore", Main.everything(terminal)).stripTrailing());
        return ExitCodes.DONE;
    }
}
