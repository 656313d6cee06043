package dev.longshore.wire;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.longshore.job.Input;
import dev.longshore.job.JobFiles;
import dev.longshore.job.Reason;
import dev.longshore.job.Retry;
import dev.longshore.job.SecretUse;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** The canonical JSON of files and retries, defaults left out. Any thread. */
final class FilesWriter {
    private static final int BASE64_BYTES = 3;
    private static final int BASE64_CHARACTERS = 4;
    private static final int UNICODE_ESCAPE = 6;

    private FilesWriter() {}

    static void files(ObjectNode tree, JobFiles files) {
        if (!files.inputs().isEmpty()) {
            ArrayNode inputs = tree.putArray("inputs");
            files.inputs().forEach(input -> inputs.add(input(input)));
        }
        if (!files.outputs().isEmpty()) {
            ArrayNode outputs = tree.putArray("outputs");
            files.outputs()
                    .forEach(
                            output ->
                                    outputs.addObject()
                                            .put("name", output.name())
                                            .put("target", output.target()));
        }
        if (!files.provision().isEmpty()) {
            ArrayNode scripts = tree.putArray("provision");
            files.provision()
                    .forEach(
                            script ->
                                    scripts.addObject()
                                            .put("name", script.name())
                                            .put("script", script.script()));
        }
        secrets(tree, files.secrets());
    }

    private static void secrets(ObjectNode tree, List<SecretUse> secrets) {
        if (!secrets.isEmpty()) {
            ArrayNode array = tree.putArray("secrets");
            secrets.forEach(secret -> array.add(secret(secret)));
        }
    }

    private static ObjectNode secret(SecretUse secret) {
        ObjectNode tree = Json.object().put("name", secret.name());
        return switch (secret) {
            case SecretUse.Variable variable -> tree.put("environment", variable.environment());
            case SecretUse.File file when file.mode() == SecretUse.File.DEFAULT_MODE ->
                    tree.put("target", file.target());
            case SecretUse.File file ->
                    tree.put("target", file.target()).put("mode", octal(file.mode()));
        };
    }

    private static String octal(int mode) {
        return String.format("%04o", mode);
    }

    static void retry(ObjectNode tree, Retry retry) {
        if (retry.equals(Retry.NONE)) {
            return;
        }
        ObjectNode object = tree.putObject("retry");
        if (retry.maxAttempts() != Retry.NONE.maxAttempts()) {
            object.put("maxAttempts", retry.maxAttempts());
        }
        if (!retry.on().equals(Retry.NONE.on())) {
            ArrayNode reasons = object.putArray("on");
            retry.on().stream().map(Reason::wireName).sorted().forEach(reasons::add);
        }
        if (!retry.backoff().equals(Retry.NONE.backoff())) {
            object.put("backoff", retry.backoff().toString());
        }
    }

    private static ObjectNode input(Input input) {
        return switch (input) {
            case Input.Bind(String source, String target, boolean readOnly) ->
                    mount("bind", source, target, readOnly);
            case Input.Volume(String name, String target, boolean readOnly) ->
                    mount("volume", name, target, readOnly);
            case Input.Inline inline -> inline(inline);
            case Input.Http http ->
                    withMode(
                            Json.object()
                                    .put("type", "http")
                                    .put("url", http.address().uri().toString())
                                    .put("sha256", http.sha256())
                                    .put("target", http.target()),
                            http.mode());
        };
    }

    private static ObjectNode mount(String type, String source, String target, boolean readOnly) {
        ObjectNode tree =
                Json.object().put("type", type).put("source", source).put("target", target);
        return readOnly ? tree : tree.put("readOnly", false);
    }

    private static ObjectNode inline(Input.Inline inline) {
        ObjectNode tree = Json.object().put("type", "inline").put("target", inline.target());
        String text = text(inline.content());
        if (text == null) {
            tree.put("contentBase64", Base64.getEncoder().encodeToString(inline.content()));
        } else {
            tree.put("content", text);
        }
        return withMode(tree, inline.mode());
    }

    private static ObjectNode withMode(ObjectNode tree, int mode) {
        return mode == Input.Inline.DEFAULT_MODE ? tree : tree.put("mode", octal(mode));
    }

    /**
     * The content as text, or null where it is none or Base64 is shorter: a command that was small
     * enough must not become too large by being written again.
     */
    private static @Nullable String text(byte[] content) {
        long base64 = ((long) content.length + BASE64_BYTES - 1) / BASE64_BYTES * BASE64_CHARACTERS;
        if (escapedLength(content) > base64) {
            return null;
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static long escapedLength(byte[] utf8) {
        long length = 0;
        for (byte one : utf8) {
            length +=
                    switch (one) {
                        case '"', '\\', '\n', '\r', '\t', '\b', '\f' -> 2;
                        default -> one >= 0 && one < ' ' ? UNICODE_ESCAPE : 1;
                    };
        }
        return length;
    }
}
