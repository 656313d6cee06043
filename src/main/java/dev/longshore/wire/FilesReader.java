package dev.longshore.wire;

import dev.longshore.job.ExecutionId;
import dev.longshore.job.Input;
import dev.longshore.job.JobFiles;
import dev.longshore.job.Output;
import dev.longshore.job.ProvisionScript;
import dev.longshore.job.RefusalCode;
import dev.longshore.job.SecretUse;
import dev.longshore.job.WebAddress;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The fields of a start command that say what goes into its container and comes out of it; a broken
 * rule is a {@link RefusedException}. Used once, by one thread.
 */
final class FilesReader {
    /** All files and scripts that come with a command, in bytes. */
    static final int MOST_BYTES = 512 << 10;

    private static final Pattern VOLUME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,254}");
    private static final Pattern MODE = Pattern.compile("0[0-7]{3}");
    private static final int OCTAL = 8;

    /** Which fields an input of each type has besides {@code type} and {@code target}. */
    private static final Map<String, Set<String>> OWN_FIELDS =
            Map.of(
                    "bind", Set.of("source", "readOnly"),
                    "volume", Set.of("source", "readOnly"),
                    "inline", Set.of("content", "contentBase64", "mode"),
                    "http", Set.of("url", "sha256", "mode"));

    private static final Set<String> COMMON_FIELDS = Set.of("type", "target");

    private final Targets targets = new Targets();
    private long bytes;

    private FilesReader() {}

    static JobFiles read(Given body) {
        return new FilesReader().all(body);
    }

    private JobFiles all(Given body) {
        targets.tmpfs(body.field("tmpfs"));
        List<Input> inputs = new ArrayList<>();
        for (Given item : body.field("inputs").items()) {
            inputs.add(input(item));
        }
        List<Output> outputs = outputs(body.field("outputs"));
        List<ProvisionScript> scripts = provision(body.field("provision"));
        List<SecretUse> secrets = SecretsReader.read(body, targets);
        targets.check();
        return new JobFiles(inputs, outputs, scripts, secrets);
    }

    private Input input(Given given) {
        String type = given.field("type").node().asText();
        Set<String> own = OWN_FIELDS.getOrDefault(type, Set.of());
        given.members()
                .forEach(
                        (name, value) -> {
                            if (!own.contains(name) && !COMMON_FIELDS.contains(name)) {
                                throw value.refused("an input of type " + type + " has no " + name);
                            }
                        });
        return switch (type) {
            case "bind" -> {
                String source = hostPath(given.field("source"));
                yield new Input.Bind(source, mount(given), readOnly(given));
            }
            case "volume" -> {
                String name = volume(given.field("source"));
                yield new Input.Volume(name, mount(given), readOnly(given));
            }
            case "http" -> http(given);
            default -> inline(given);
        };
    }

    private static boolean readOnly(Given given) {
        return given.field("readOnly").flag(true);
    }

    private String mount(Given given) {
        return targets.add(given.field("target"), Targets.Kind.MOUNT);
    }

    private static String hostPath(Given given) {
        String path = required(given);
        if (!StartRules.isNormalisedPath(path)) {
            throw given.refused(
                    Quote.of(path)
                            + " is not an absolute path on the node without empty parts, '.', '..'"
                            + " and a '/' at its end");
        }
        return path;
    }

    private static String volume(Given given) {
        String name = required(given);
        if (!VOLUME.matcher(name).matches()) {
            throw given.refused(
                    Quote.of(name)
                            + " is not the name of a volume: 1 to 255 letters, digits, '_', '.' or"
                            + " '-', starting with a letter or digit");
        }
        return name;
    }

    private static String required(Given given) {
        String text = given.text();
        if (text == null) {
            throw missing(given, "what to mount: a path of the node, or a volume's name");
        }
        return text;
    }

    private Input inline(Given given) {
        byte[] content = content(given);
        int mode = mode(given.field("mode"), Input.Inline.DEFAULT_MODE);
        return new Input.Inline(
                targets.add(given.field("target"), Targets.Kind.FILE), content, mode);
    }

    private Input http(Given given) {
        Given url = given.field("url");
        Given sha256 = given.field("sha256");
        if (url.isAbsent()) {
            throw missing(url, "where the file is");
        }
        if (sha256.isAbsent()) {
            throw missing(sha256, "the file's SHA-256, so that it is known to be the right one");
        }
        WebAddress address = WebAddress.parse(url.node().asText());
        if (address == null) {
            // Not quoted: what is wrong with it may be the password in it.
            throw url.refused(
                    "is not an address that starts with http:// or https://, in ASCII, without user"
                            + " and password, fragment, '//', '.' and '..' (%2e) in its path");
        }
        String target = targets.add(given.field("target"), Targets.Kind.FILE);
        return new Input.Http(
                address,
                sha256.node().asText(),
                target,
                mode(given.field("mode"), Input.Inline.DEFAULT_MODE));
    }

    /** Permissions in octal. */
    static int mode(Given given, int otherwise) {
        String mode = given.matching(MODE, "a mode such as \"0644\"");
        return mode == null ? otherwise : Integer.parseInt(mode, OCTAL);
    }

    private byte[] content(Given given) {
        Given text = given.field("content");
        Given base64 = given.field("contentBase64");
        if (text.isAbsent() && base64.isAbsent()) {
            throw missing(text, "the file's text; or its bytes, as contentBase64");
        }
        if (!text.isAbsent() && !base64.isAbsent()) {
            throw base64.refused("either content or contentBase64, not both");
        }
        byte[] content =
                base64.isAbsent()
                        ? text.node().asText().getBytes(StandardCharsets.UTF_8)
                        : decoded(base64);
        count(content.length, base64.isAbsent() ? text : base64);
        return content;
    }

    private static byte[] decoded(Given given) {
        try {
            return Base64.getDecoder().decode(given.node().asText());
        } catch (IllegalArgumentException e) {
            throw given.refused("is not Base64 (RFC 4648, section 4)");
        }
    }

    private void count(int more, Given where) {
        bytes += more;
        if (bytes > MOST_BYTES) {
            throw new RefusedException(
                    RefusalCode.TOO_LARGE,
                    where.pointer(),
                    "all inline files and scripts together have more than "
                            + MOST_BYTES
                            + " bytes");
        }
    }

    private List<Output> outputs(Given given) {
        List<Output> outputs = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Given item : given.items()) {
            Given name = item.field("name");
            String text = id(name);
            if (!names.add(text.toLowerCase(Locale.ROOT))) {
                throw name.refused("the same name twice, upper and lower case being the same");
            }
            outputs.add(new Output(text, targets.add(item.field("target"), Targets.Kind.OUTPUT)));
        }
        return outputs;
    }

    private List<ProvisionScript> provision(Given given) {
        List<ProvisionScript> scripts = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Given item : given.items()) {
            String name = id(item.field("name"));
            if (!names.add(name)) {
                throw item.field("name").refused("the same name twice");
            }
            Given text = item.field("script");
            String script = text.node().asText();
            checkFirstLine(script, text);
            count(script.getBytes(StandardCharsets.UTF_8).length, text);
            scripts.add(new ProvisionScript(name, script));
        }
        return scripts;
    }

    private static void checkFirstLine(String script, Given given) {
        String first = script.lines().findFirst().orElse("");
        if (!first.startsWith("#!") || first.substring(2).isBlank()) {
            throw given.refused(
                    "must begin with the program that reads it, such as \"#!/bin/sh\", in a line of"
                            + " its own");
        }
        if (script.startsWith("\r", first.length())) {
            throw given.refused(
                    "has a carriage return at the end of its first line, which the kernel takes"
                            + " for a part of the program's name");
        }
    }

    private static String id(Given given) {
        String name = given.node().asText();
        if (!ExecutionId.isValid(name)) {
            throw given.refused(
                    Quote.of(name)
                            + " is not a name: 1 to 64 letters, digits, '_' or '-', starting with a"
                            + " letter or digit");
        }
        return name;
    }

    private static RefusedException missing(Given given, String rule) {
        return new RefusedException(
                RefusalCode.MISSING_FIELD, given.pointer(), "this field is required: " + rule);
    }
}
