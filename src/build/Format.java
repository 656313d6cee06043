import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.JavaFormatterOptions;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Checks or applies the one source format of the project. The Maven build runs it in a JVM of its
 * own, on the JDK that compiles the project: a formatter inside Maven would parse with the Java
 * that Maven happens to run on.
 *
 * <p>Arguments: {@code check} or {@code apply}, a folder for notes, then the folders to walk. The
 * notes are {@code good.txt}, digests of what was found well formatted, so that only changed files
 * cost time; and {@code complaints.txt}, which is there when and only when {@code check} found a
 * file that differs or a file could not be parsed. Every such file is named on standard output too.
 */
final class Format {
    private static final Formatter FORMATTER =
            new Formatter(
                    JavaFormatterOptions.builder().style(JavaFormatterOptions.Style.AOSP).build());

    /** Part of every digest: a new version of the formatter forgets what the old one found good. */
    private static final String VERSION = System.getProperty("formatter.version");

    private static final Set<String> GOOD = ConcurrentHashMap.newKeySet();

    public static void main(String[] args) throws IOException {
        boolean apply = args[0].equals("apply");
        Path memory = Path.of(args[1], "good.txt");
        if (Files.exists(memory)) {
            GOOD.addAll(Files.readAllLines(memory));
        }
        List<String> complaints =
                Stream.of(args)
                        .skip(2)
                        .map(Path::of)
                        .flatMap(Format::javaFilesUnder)
                        .parallel()
                        .flatMap(file -> complaint(file, apply).stream())
                        .sorted()
                        .toList();
        Files.write(memory, GOOD);
        complaints.forEach(System.out::println);
        Path complained = Path.of(args[1], "complaints.txt");
        if (complaints.isEmpty()) {
            Files.deleteIfExists(complained);
        } else {
            Files.write(complained, complaints);
        }
    }

    private static Stream<Path> javaFilesUnder(Path folder) {
        try (Stream<Path> walk = Files.walk(folder)) {
            return walk.filter(path -> path.toString().endsWith(".java")).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<String> complaint(Path file, boolean apply) {
        try {
            String before = Files.readString(file);
            if (GOOD.contains(digest(before))) {
                return Optional.empty();
            }
            String after = FORMATTER.formatSourceAndFixImports(before);
            if (before.equals(after)) {
                GOOD.add(digest(before));
                return Optional.empty();
            }
            if (!apply) {
                return Optional.of("not formatted: " + file);
            }
            Files.writeString(file, after);
            return Optional.empty();
        } catch (FormatterException e) {
            return Optional.of("cannot be parsed: " + file + ": " + e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String digest(String source) {
        try {
            byte[] bytes = (VERSION + source).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
