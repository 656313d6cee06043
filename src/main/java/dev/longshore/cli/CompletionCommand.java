package dev.longshore.cli;

import org.jspecify.annotations.Nullable;

import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

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

    @Parameters(
            arity = "0..1",
            paramLabel = "bash|zsh",
            description = "Your shell; one script does for both.")
    @SuppressWarnings("unused") // checked by being read
    private @Nullable Shell shell;

    /** Those that understand the script. */
    @SuppressWarnings("unused") // by name, by picocli
    enum Shell {
        BASH,
        ZSH
    }

    CompletionCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        terminal.print(AutoComplete.bash("longshore", Main.everything(terminal)).stripTrailing());
        return ExitCodes.DONE;
    }
}
