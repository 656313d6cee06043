package dev.longshore.cli;

import dev.longshore.app.dev.DevStack;
import dev.longshore.app.dev.SetupException;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.Map;

/** The options of {@code dev} and {@code demo}. */
final class DevOptions {
    @Option(
            names = "--http-port",
            paramLabel = "PORT",
            description = "Port of the HTTP side; 0 is a free one.")
    private @Nullable Integer httpPort;

    @Option(
            names = "--kafka-port",
            paramLabel = "PORT",
            description = "Port of the Kafka broker; 0 is a free one.")
    private @Nullable Integer kafkaPort;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "Where the broker's data lies. Default: .longshore.")
    private @Nullable Path dataDirectory;

    /** What was asked for, else the given ports, and the given directory. */
    DevStack.Options orElse(int http, int kafka, Path directory) {
        try {
            return new DevStack.Options(
                    httpPort == null ? http : httpPort,
                    kafkaPort == null ? kafka : kafkaPort,
                    dataDirectory == null ? directory : dataDirectory);
        } catch (IllegalArgumentException e) {
            throw new CliFailure(ExitCodes.USAGE, String.valueOf(e.getMessage()), e);
        }
    }

    /** Starts everything; what goes wrong is said with what to do. */
    static DevStack start(DevStack.Options options, Terminal terminal) throws InterruptedException {
        quietLogs(terminal.environment());
        try {
            return DevStack.start(options, Assembly.node(), terminal::say);
        } catch (SetupException e) {
            throw new CliFailure(
                    ExitCodes.FAILED, e.getMessage() + "\nWhat to do:\n" + e.remedy(), e);
        } catch (InterruptedException | CliFailure e) {
            throw e;
        } catch (Exception e) {
            throw new CliFailure(ExitCodes.FAILED, "could not start: " + e.getMessage(), e);
        }
    }

    /** Progress is said anyway: of the log only what is wrong, unless asked for. */
    private static void quietLogs(Map<String, String> environment) {
        if (!environment.containsKey("LONGSHORE_LOG_LEVEL")) {
            System.setProperty("longshore.log.level", "warn");
            // While the topics are being made, the clients complain of each that is not there yet.
            System.setProperty("longshore.log.clients", "error");
        }
    }
}
