package dev.longshore.cli;

import dev.longshore.app.SettingsException;
import dev.longshore.app.TopicReport;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.Callable;

/** {@code topics}: what a node would create, and whether what is there will do. */
@Command(
        name = "topics",
        description =
                "Compare the topics with what a node needs: plan tells what would be created,"
                        + " verify fails where something is missing or wrong. Changes nothing.",
        footer = {
            "",
            "Reads the same settings as serve. Exit code of verify: 1 where a topic is missing, or"
                    + " so made that a promise does not hold.",
            "",
            "Examples:",
            "  longshore topics plan --config conf/longshore.yaml",
            "  longshore topics verify --set kafka.bootstrap.servers=broker:9092 -o json"
        })
final class TopicsCommand implements Callable<Integer> {
    private static final Set<String> BAD = Set.of("missing", "wrong");

    /** What is wanted. */
    enum What {
        /** What would be created. */
        PLAN,
        /** Whether all is well. */
        VERIFY
    }

    @Parameters(paramLabel = "plan|verify", description = "What is wanted.")
    private What what = What.PLAN;

    @Mixin private final SettingsOptions settings = new SettingsOptions();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "text|json",
            defaultValue = "text",
            description = "How to print: text for people, json for programs.")
    private OutputFormat output = OutputFormat.TEXT;

    private final Terminal terminal;

    TopicsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        System.setProperty("longshore.log.clients", "off"); // the failure says it all
        TopicReport report = read();
        if (output == OutputFormat.JSON) {
            terminal.print(ApiClient.line(ApiClient.JSON.valueToTree(report)));
        } else {
            Table table = new Table(terminal.colours(), "TOPIC", "VERDICT", "DETAIL");
            report.rows().forEach(row -> table.row(row.topic(), row.verdict(), row.detail()));
            table.lines().forEach(terminal::print);
        }
        boolean bad = report.rows().stream().anyMatch(row -> BAD.contains(row.verdict()));
        return what == What.VERIFY && bad ? ExitCodes.FAILED : ExitCodes.DONE;
    }

    private TopicReport read() throws InterruptedException {
        Path file = settings.file();
        try {
            return TopicReport.examine(file, settings.flags());
        } catch (SettingsException e) {
            throw new CliFailure(ExitCodes.USAGE, String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw new CliFailure(
                    ExitCodes.CANNOT_REACH,
                    "the brokers do not answer: "
                            + e.getMessage()
                            + "; name them with --set kafka.bootstrap.servers=host:port",
                    e);
        }
    }
}
