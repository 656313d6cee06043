package dev.longshore.docker;

import com.github.dockerjava.api.exception.DockerException;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;

import java.time.Duration;
import java.util.Locale;
import java.util.Objects;

/** The only place where exceptions and the engine's words become a {@link DockerFailure}. Pure. */
final class DockerFailures {
    private static final int MOST_CHARS = 300;

    private DockerFailures() {}

    /** What went wrong when {@code what} was asked of the engine. */
    static DockerFailure of(String what, Throwable thrown) {
        return switch (thrown) {
            case DockerFailure failure -> failure;
            case DockerException said -> refused(what, said.getHttpStatus(), wordsOf(said));
            default -> new DockerFailure.Unreachable(line(what + ": " + rootWords(thrown)));
        };
    }

    private static DockerFailure refused(String what, int status, String words) {
        String message = line(what + ": " + words);
        String lower = words.toLowerCase(Locale.ROOT);
        if (diskFull(lower)) {
            return diskFull(what, words);
        }
        if (status == 404 && lower.contains("no such image")) {
            return new DockerFailure.ImageNotFound(message);
        }
        if (status == 404 && lower.contains("no such container")) {
            return new DockerFailure.NoSuchContainer(message);
        }
        if (status == 404 && lower.contains("could not find the file")) {
            return new DockerFailure.NoSuchPath(message);
        }
        if (status == 409
                && (lower.contains("unable to remove repository reference")
                        || lower.contains("unable to delete"))) {
            return new DockerFailure.ImageInUse(message);
        }
        if (status == 409 && lower.contains("name") && lower.contains("already in use")) {
            return new DockerFailure.NameTaken(message);
        }
        return new DockerFailure.Refused(message, status);
    }

    /** The same for the start of a container; the exit codes are those of {@code docker run}. */
    static DockerFailure ofStart(String what, Throwable thrown) {
        DockerFailure failure = of(what, thrown);
        if (!(failure instanceof DockerFailure.Refused refused)) {
            return failure;
        }
        String lower = textOf(refused).toLowerCase(Locale.ROOT);
        int exitCode = -1;
        if (lower.contains("gathering device information")) {
            exitCode = -1; // a device that the host lacks, not a program
        } else if (lower.contains("executable file not found")
                || lower.contains("no such file or directory")
                || (lower.contains("exec: ") && lower.contains("not found"))) {
            exitCode = 127;
        } else if (lower.contains("permission denied")
                || lower.contains("is a directory")
                || lower.contains("not a directory")
                || lower.contains("exec format error")) {
            exitCode = 126;
        }
        return new DockerFailure.StartFailed(textOf(refused), exitCode);
    }

    /**
     * The same for a pull, whether the engine said it as its status or as an item of its progress.
     */
    static DockerFailure ofPull(String what, Throwable thrown) {
        if (thrown instanceof DockerException said) {
            return pullRefused(what, said.getHttpStatus(), wordsOf(said));
        }
        return of(what, thrown);
    }

    /**
     * An error in the progress of a pull.
     *
     * @param status the registry's, 0 where not said
     */
    static DockerFailure pullRefused(String what, int status, String words) {
        String message = line(what + ": " + words);
        String lower = words.toLowerCase(Locale.ROOT);
        if (diskFull(lower)) {
            return diskFull(what, words);
        }
        // Before "denied": a registry that limits also says how to log in.
        if (status == 429 || lower.contains("toomanyrequests") || lower.contains("rate limit")) {
            return new DockerFailure.ImageRateLimited(
                    withAdvice(
                            what + ": " + words,
                            "wait, log in to the registry for a higher limit, or use a mirror"));
        }
        if (status == 401
                || status == 403
                || lower.contains("pull access denied")
                || lower.contains("requires 'docker login'")
                || lower.contains("require 'docker login'")
                || lower.contains("unauthorized")
                || lower.contains("access to the resource is denied")
                || lower.contains("no basic auth credentials")) {
            return new DockerFailure.ImageDenied(
                    withAdvice(
                            what + ": " + words,
                            "look whether the name is right, and log this node in to the"
                                    + " registry or name a credential that it has"));
        }
        if (status == 404
                || lower.contains("manifest unknown")
                || lower.contains("name unknown")
                || (lower.contains("manifest for ") && lower.contains("not found"))
                || (lower.contains("repository ") && lower.contains("not found"))) {
            return new DockerFailure.ImageNotFound(message);
        }
        if (status == 400) {
            return new DockerFailure.Refused(message, status);
        }
        return new DockerFailure.PullFailed(message);
    }

    /**
     * Whether it is the disk: the kernel says the same of a hierarchy of cgroups, or of watches,
     * that is full.
     */
    private static boolean diskFull(String lower) {
        return (lower.contains("no space left on device") || lower.contains("disk quota exceeded"))
                && !lower.contains("cgroup")
                && !lower.contains("inotify");
    }

    private static DockerFailure diskFull(String what, String words) {
        return new DockerFailure.EngineDiskFull(
                withAdvice(
                        what + ": " + words,
                        "free space on the engine's disk; docker system df says what holds it"));
    }

    /** What an engine is blamed for that said nothing. */
    static String silent(String what, Duration silence) {
        return line(
                what
                        + ": silent for "
                        + (silence.toMillis() < 1000
                                ? silence.toMillis() + " ms"
                                : silence.toSeconds() + " s"));
    }

    /** Words that are cut where they would push the advice out. */
    private static String withAdvice(String words, String advice) {
        String line = line(words);
        int most = MOST_CHARS - advice.length() - 2;
        return (line.length() > most ? line.substring(0, most) : line) + "; " + advice;
    }

    /** Whether a removal failed because the same removal is under way. */
    static boolean removalInProgress(DockerFailure failure) {
        return failure instanceof DockerFailure.Refused refused
                && refused.status() == 409
                && textOf(refused).contains("already in progress");
    }

    /** Whether a signal failed because nothing runs that could get it. */
    static boolean notRunning(DockerFailure failure) {
        return failure instanceof DockerFailure.NoSuchContainer
                || (failure instanceof DockerFailure.Refused refused
                        && refused.status() == 409
                        && textOf(refused).contains("is not running"));
    }

    /**
     * The engine answers {@code {"message": …}}; docker-java puts "Status 404: " before it, once or
     * twice.
     */
    private static String wordsOf(DockerException said) {
        String text = Objects.requireNonNullElse(said.getMessage(), "");
        String prefix = "Status " + said.getHttpStatus() + ":";
        while (text.startsWith(prefix)) {
            text = text.substring(prefix.length()).strip();
        }
        int brace = text.indexOf('{');
        if (brace >= 0) {
            try {
                String message = new JsonObject(text.substring(brace)).getString("message");
                return message == null ? text : message;
            } catch (DecodeException | ClassCastException e) {
                return text;
            }
        }
        return text.isBlank() ? "status " + said.getHttpStatus() : text;
    }

    private static String textOf(DockerFailure failure) {
        return Objects.requireNonNullElse(failure.getMessage(), "");
    }

    private static String rootWords(Throwable thrown) {
        Throwable root = thrown;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        String words = root.getMessage();
        return words == null || words.isBlank() ? root.getClass().getSimpleName() : words;
    }

    /** One line for people: control characters escaped, and no longer than a screen takes. */
    static String line(String text) {
        StringBuilder line = new StringBuilder(Math.min(text.length(), MOST_CHARS) + 8);
        for (int i = 0; i < text.length() && line.length() < MOST_CHARS; i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\n' -> line.append("\\n");
                case '\r' -> line.append("\\r");
                case '\t' -> line.append("\\t");
                default -> {
                    if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
                        line.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
                    } else {
                        line.append(c);
                    }
                }
            }
        }
        if (line.length() > MOST_CHARS) {
            line.setLength(MOST_CHARS);
        }
        return line.toString();
    }
}
