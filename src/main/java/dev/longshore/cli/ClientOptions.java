package dev.longshore.cli;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The options of every command that talks to a node. */
final class ClientOptions {
    private static final String DEFAULT_URL = "http://127.0.0.1:8080";

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "A node's address. Default: LONGSHORE_URL, else " + DEFAULT_URL + ".")
    private @Nullable String url;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "text|json",
            defaultValue = "text",
            description = "How to print: text for people, json for programs.")
    private OutputFormat output = OutputFormat.TEXT;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "A file that holds the token to show. Default: LONGSHORE_TOKEN.")
    private @Nullable Path tokenFile;

    boolean json() {
        return output == OutputFormat.JSON;
    }

    /** The node's address, without a slash at its end. */
    URI url(Map<String, String> environment) {
        String text = url != null ? url : environment.getOrDefault("LONGSHORE_URL", DEFAULT_URL);
        if (text.isBlank()) {
            text = DEFAULT_URL;
        }
        text = text.strip().replaceAll("/+$", "");
        if (!text.matches("https?://[^/\\s]+(/\\S*)?")) {
            throw new CliFailure(
                    ExitCodes.USAGE,
                    "not a node's address: '" + text + "'; write it as http://host:port");
        }
        return URI.create(text);
    }

    /** The token to show, or null. Not by option: other users see what a command was given. */
    @Nullable String token(Map<String, String> environment) {
        String text = environment.getOrDefault("LONGSHORE_TOKEN", "");
        if (tokenFile != null) {
            try {
                text = Files.readString(tokenFile);
            } catch (IOException e) {
                throw new CliFailure(ExitCodes.USAGE, "cannot read the token file " + tokenFile, e);
            }
        }
        text = text.strip();
        if (text.isEmpty()) {
            return null;
        }
        if (!text.matches("[\\x21-\\x7e]+")) {
            throw new CliFailure(ExitCodes.USAGE, "the token is not one word of ASCII");
        }
        return text;
    }
}
