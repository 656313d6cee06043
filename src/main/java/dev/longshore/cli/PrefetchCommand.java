package dev.longshore.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.charset.StandardCharsets;

/** {@code prefetch}: asks a node to fetch an image. */
@Command(
        name = "prefetch",
        description = "Ask a node to fetch an image, so that it is there when a job needs it.",
        footer = {
            "",
            "Examples:",
            "  longshore prefetch node-1 busybox:1.36",
            "  longshore prefetch --registry-auth hub node-1 registry.example.com/team/app:2"
        })
final class PrefetchCommand extends ClientCommand {
    @Option(
            names = "--platform",
            paramLabel = "OS/ARCH",
            description = "Such as linux/arm64. Default: the engine's own.")
    private @Nullable String platform;

    @Option(
            names = "--registry-auth",
            paramLabel = "NAME",
            description = "The name of a credential that the node holds.")
    private @Nullable String registryAuth;

    @Parameters(index = "0", paramLabel = "NODE", description = "The node's id.")
    private String node = "";

    @Parameters(index = "1", paramLabel = "IMAGE", description = "The image's reference.")
    private String image = "";

    PrefetchCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() {
        ObjectNode body = ApiClient.JSON.createObjectNode().put("image", image);
        if (platform != null) {
            body.put("platform", platform);
        }
        if (registryAuth != null) {
            body.put("registryAuth", registryAuth);
        }
        JsonNode answer =
                api().post(
                                "nodes/" + ApiClient.encoded(node) + "/prefetch",
                                ApiClient.line(body).getBytes(StandardCharsets.UTF_8));
        terminal().print(json() ? ApiClient.line(answer) : "asked " + node + " to fetch " + image);
        return ExitCodes.DONE;
    }
}
