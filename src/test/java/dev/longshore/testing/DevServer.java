package dev.longshore.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code ./longshore dev} as a person starts it, on free ports: launcher, broker and node in a
 * process of their own. One thread.
 */
public final class DevServer implements AutoCloseable {
    private static final Pattern READY =
            Pattern.compile("^ready http=http://(\\S+) kafka=(\\S+) node=\\S+$", Pattern.MULTILINE);
    private static final int LONGEST_START_SECONDS = 120;

    private final Process process;
    private final String http;
    private final String kafka;

    /** Starts it with its data and outputs below this folder, and waits until it is ready. */
    public DevServer(Path folder) throws IOException, InterruptedException {
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        process =
                Shell.start(
                        "exec ./longshore dev --http-port 0 --kafka-port 0 --data-dir '"
                                + folder.resolve("dev")
                                + "'",
                        out,
                        err);
        CountDownLatch never = new CountDownLatch(1);
        Matcher ready = READY.matcher("");
        for (int i = 0;
                i < 10 * LONGEST_START_SECONDS && !ready.reset(Files.readString(out)).find();
                i++) {
            assertThat(process.isAlive()).as(() -> read(err)).isTrue();
            assertThat(never.await(100, TimeUnit.MILLISECONDS)).isFalse();
        }
        assertThat(ready.reset(Files.readString(out)).results().map(MatchResult::group))
                .as(() -> read(err))
                .hasSize(1);
        assertThat(ready.reset().find()).isTrue();
        http = ready.group(1);
        kafka = ready.group(2);
    }

    /** Where its HTTP side listens, as host and port. */
    public String http() {
        return http;
    }

    /** A text of the documents, with these addresses for those that stand there. */
    public String localised(String text) {
        return text.replace("127.0.0.1:8080", http).replace("127.0.0.1:9092", kafka);
    }

    @Override
    public void close() throws InterruptedException {
        Shell.end(process);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
