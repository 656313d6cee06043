package dev.longshore.cli;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.net.URI;
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
}
