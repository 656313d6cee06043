package dev.longshore.cli;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** {@code submit}: hands over start commands from a file. */
@Command(
        name = "submit",
        description =
                "Submit start commands from a file: one JSON object, or several, one after the"
                        + " other.",
        footer = {
            "",
            "Prints the id of each. What is refused is said on standard error, the others are"
                    + " submitted all the same.",
            "",
            "Examples:",
            "  longshore submit job.json",
            "  echo '{\"image\": \"busybox\", \"command\": [\"echo\", \"hi\"]}' | longshore submit"
                    + " -"
        })
final class SubmitCommand extends ClientCommand {
    private static final ObjectMapper STRICT =
            new ObjectMapper()
                    .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    @Parameters(paramLabel = "FILE", description = "The file; - is standard input.")
    private String file = "";

    SubmitCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() {
        ApiClient api = api();
        int worst = ExitCodes.DONE;
        int count = 0;
        try (InputStream in = open();
                MappingIterator<JsonNode> commands =
                        STRICT.readerFor(JsonNode.class).readValues(in)) {
            while (commands.hasNextValue()) {
                count++;
                worst = Math.max(worst, submit(api, commands.nextValue(), count));
            }
        } catch (NoSuchFileException e) {
            throw new CliFailure(ExitCodes.USAGE, "there is no file " + file, e);
        } catch (IOException | UncheckedIOException e) {
            String where = count == 0 ? "" : " behind command " + count;
            throw new CliFailure(ExitCodes.USAGE, file + where + ": " + e.getMessage(), e);
        }
        if (count == 0) {
            throw new CliFailure(ExitCodes.USAGE, file + " holds no command");
        }
        return worst;
    }

    private int submit(ApiClient api, JsonNode command, int number) {
        try {
            JsonNode accepted =
                    api.post(
                            "executions", ApiClient.line(command).getBytes(StandardCharsets.UTF_8));
            terminal()
                    .print(
                            json()
                                    ? ApiClient.line(accepted)
                                    : accepted.path("executionId").asText());
            return ExitCodes.DONE;
        } catch (CliFailure e) {
            if (e.exitCode() != ExitCodes.REFUSED) {
                throw e;
            }
            terminal().say("command " + number + " was refused: " + e.getMessage());
            return ExitCodes.REFUSED;
        }
    }

    private InputStream open() throws IOException {
        return file.equals("-") ? terminal().in() : Files.newInputStream(Path.of(file));
    }
}
