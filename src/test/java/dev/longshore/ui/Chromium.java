package dev.longshore.ui;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The browser of the tests: the one that {@code CHROMIUM_PATH} names, else the one installed, else
 * one that is installed now (Debian and its kin, as root). Blocks; an installation takes a minute.
 */
final class Chromium {
    private static final long INSTALL_MINUTES = 8;
    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");

    private Chromium() {}

    /** Where it is; throws with what to do where there is none and none can be had. */
    static synchronized Path executable() {
        String named = System.getenv("CHROMIUM_PATH");
        if (named != null) {
            return Path.of(named);
        }
        Path found = find();
        if (found == null) {
            install();
            found = find();
        }
        if (found == null) {
            throw missing("the package chromium has no browser in it here");
        }
        return found;
    }

    private static @Nullable Path find() {
        String path = System.getenv().getOrDefault("PATH", "") + ":/usr/bin:/usr/local/bin";
        return Stream.of(path.split(":", -1))
                .filter(directory -> !directory.isEmpty())
                .flatMap(directory -> NAMES.stream().map(name -> Path.of(directory, name)))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
    }

    private static void install() {
        if (!Files.isExecutable(Path.of("/usr/bin/apt-get"))
                || !"root".equals(System.getProperty("user.name"))) {
            throw missing("only root on Debian or its kin can install it by itself");
        }
        apt("update");
        apt("install", "--no-install-recommends", "chromium", "fonts-dejavu-core");
    }

    private static void apt(String... words) {
        Stream<String> start =
                Stream.of("apt-get", "-y", "-o", "DPkg::Lock::Timeout=120", "-o", "APT::Color=0");
        List<String> command = Stream.concat(start, Stream.of(words)).toList();
        try {
            Path output = Files.createTempFile("longshore-apt", ".txt");
            ProcessBuilder builder =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(output.toFile());
            builder.environment().put("DEBIAN_FRONTEND", "noninteractive");
            Process process = builder.start();
            process.getOutputStream().close();
            boolean ended = process.waitFor(INSTALL_MINUTES, TimeUnit.MINUTES);
            if (!ended) {
                process.destroyForcibly();
            }
            if (!ended || process.exitValue() != 0) {
                throw missing(String.join(" ", command) + ":\n" + Files.readString(output));
            }
            Files.delete(output);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static IllegalStateException missing(String why) {
        return new IllegalStateException(
                "The tests of the web page need Chromium: install it (apt-get install chromium), or"
                        + " name one in CHROMIUM_PATH. "
                        + why);
    }
}
