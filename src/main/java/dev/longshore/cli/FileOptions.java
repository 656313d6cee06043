package dev.longshore.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The options of {@code run} that say what goes into the container and what comes out of it. Files
 * of this machine are read and travel with the command. Blocks while it reads; the node checks the
 * rest.
 */
final class FileOptions {
    /** What the node takes in all. */
    private static final int MOST_BYTES = 512 << 10;

    /** The last sign of equality before a path: an address may have some of its own. */
    private static final Pattern INPUT_URL =
            Pattern.compile("(.+)=(/[^=]*?),sha256=([0-9a-fA-F]{64})(?:,mode=([0-7]{3,4}))?");

    @Option(
            names = "--mount",
            paramLabel = "KEY=VALUE,...",
            description = {
                "A directory of the node or a volume:",
                "type=bind|volume,source=…,target=…[,readonly=false]."
            })
    private List<String> mounts = new ArrayList<>();

    @Option(
            names = "--file",
            paramLabel = "TARGET=FILE",
            description = "A small file of this machine, at TARGET in the container.")
    private List<String> files = new ArrayList<>();

    @Option(
            names = "--input-url",
            paramLabel = "URL=TARGET,...",
            description = {
                "A file that the node fetches, at TARGET in the container:",
                "URL=TARGET,sha256=…[,mode=0755]."
            })
    private List<String> addresses = new ArrayList<>();

    @Option(
            names = "--secret",
            paramLabel = "NAME=WHERE",
            description = {
                "A secret that the node holds, as the variable WHERE,",
                "or as a file where WHERE starts with a slash."
            })
    private List<String> secrets = new ArrayList<>();

    @Option(
            names = "--collect",
            paramLabel = "NAME=TARGET",
            description = "A directory to collect after the exit, as the output NAME.")
    private List<String> outputs = new ArrayList<>();

    @Option(
            names = "--provision",
            paramLabel = "FILE",
            description = "A script of this machine to run in the container first.")
    private List<Path> scripts = new ArrayList<>();

    /**
     * Adds {@code inputs}, {@code outputs}, {@code provision} and {@code secrets}, where there are
     * any.
     */
    void putInto(ObjectNode job) {
        if (!mounts.isEmpty() || !files.isEmpty() || !addresses.isEmpty()) {
            ArrayNode inputs = job.putArray("inputs");
            mounts.forEach(mount -> MountOption.put(mount, inputs.addObject()));
            files.forEach(file -> putFile(file, inputs.addObject()));
            addresses.forEach(address -> putAddress(address, inputs.addObject()));
        }
        if (!outputs.isEmpty()) {
            ArrayNode array = job.putArray("outputs");
            outputs.forEach(output -> putOutput(output, array.addObject()));
        }
        if (!scripts.isEmpty()) {
            ArrayNode array = job.putArray("provision");
            scripts.forEach(script -> putScript(script, array.addObject()));
        }
        if (!secrets.isEmpty()) {
            ArrayNode array = job.putArray("secrets");
            secrets.forEach(secret -> putSecret(secret, array.addObject()));
        }
    }

    private static void putFile(String option, ObjectNode input) {
        int equals = option.indexOf('=');
        if (equals < 1) {
            throw usage("--file needs TARGET=FILE, not '" + option + "'");
        }
        Path file = path(option.substring(equals + 1));
        byte[] content = content(file);
        input.put("type", "inline").put("target", option.substring(0, equals));
        String text = text(content);
        if (text == null) {
            input.put("contentBase64", Base64.getEncoder().encodeToString(content));
        } else {
            input.put("content", text);
        }
        if (Files.isExecutable(file)) {
            input.put("mode", "0755");
        }
    }

    private static void putAddress(String option, ObjectNode input) {
        Matcher matcher = INPUT_URL.matcher(option);
        if (!matcher.matches()) {
            throw usage(
                    "--input-url needs URL=TARGET,sha256=… with 64 digits, not '" + option + "'");
        }
        input.put("type", "http")
                .put("url", matcher.group(1))
                .put("sha256", matcher.group(3).toLowerCase(Locale.ROOT))
                .put("target", matcher.group(2));
        if (matcher.group(4) != null) {
            input.put("mode", matcher.group(4));
        }
    }

    private static void putSecret(String option, ObjectNode secret) {
        int equals = option.indexOf('=');
        if (equals < 1 || equals == option.length() - 1) {
            throw usage("--secret needs NAME=VARIABLE or NAME=/PATH, not '" + option + "'");
        }
        String where = option.substring(equals + 1);
        secret.put("name", option.substring(0, equals))
                .put(where.startsWith("/") ? "target" : "environment", where);
    }

    private static void putOutput(String option, ObjectNode output) {
        int equals = option.indexOf('=');
        if (equals < 1) {
            throw usage("--collect needs NAME=TARGET, not '" + option + "'");
        }
        output.put("name", option.substring(0, equals)).put("target", option.substring(equals + 1));
    }

    private static void putScript(Path file, ObjectNode script) {
        String text = text(content(file));
        if (text == null) {
            throw usage("--provision needs a text in UTF-8, which " + file + " is not");
        }
        script.put("name", nameOf(file)).put("script", text);
    }

    /** The file's name without its extension, as an id: {@code 10-setup} of 10-setup.sh. */
    private static String nameOf(Path file) {
        String name = String.valueOf(file.getFileName()).replaceFirst("(?<=.)\\.[^.]*$", "");
        return name.replaceAll("[^A-Za-z0-9_-]", "-").replaceFirst("^[_-]+", "");
    }

    private static byte[] content(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] content = in.readNBytes(MOST_BYTES + 1);
            if (content.length > MOST_BYTES) {
                throw usage(file + " has more than 512 KiB: mount a directory or a volume instead");
            }
            return content;
        } catch (IOException e) {
            throw usage("cannot read " + file + " (" + e.getClass().getSimpleName() + ")");
        }
    }

    private static @Nullable String text(byte[] content) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw usage("'" + text + "' is not a path");
        }
    }

    private static CliFailure usage(String message) {
        return new CliFailure(ExitCodes.USAGE, message);
    }
}
