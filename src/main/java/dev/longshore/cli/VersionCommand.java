package dev.longshore.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.util.concurrent.Callable;

/** {@code version}: which Longshore and which Java. */
@Command(
        name = "version",
        description = "Show the version.",
        footer = {"", "Examples:", "  longshore version", "  longshore version -o json"})
final class VersionCommand implements Callable<Integer> {
    @Option(
            names = {"-o", "--output"},
            paramLabel = "text|json",
            defaultValue = "text",
            description = "How to print: text for people, json for programs.")
    private OutputFormat output = OutputFormat.TEXT;

    private final Terminal terminal;

    VersionCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        String java = System.getProperty("java.vendor", "") + " " + Runtime.version();
        if (output == OutputFormat.JSON) {
            ObjectNode json = ApiClient.JSON.createObjectNode();
            terminal.print(ApiClient.line(json.put("version", Version.text()).put("java", java)));
        } else {
            terminal.print("longshore " + Version.text() + " (Java: " + java + ")");
        }
        return ExitCodes.DONE;
    }
}
