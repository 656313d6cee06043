package dev.longshore.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.job.NodeId;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

class DirectoryLockTest {
    private static final DirectoryLock.Holder FIRST =
            DirectoryLock.Holder.here(new NodeId("node-1"), "instance-1");
    private static final DirectoryLock.Holder SECOND =
            DirectoryLock.Holder.here(new NodeId("node-2"), "instance-2");

    @TempDir Path directory;

    /** Another process: takes the directory, says so and waits to be killed. */
    static final class Other {
        private Other() {}

        public static void main(String[] arguments) throws IOException {
            DirectoryLock.take(
                    Path.of(arguments[0]),
                    DirectoryLock.Holder.here(new NodeId("node-7"), "instance-7"));
            System.out.println("taken");
            System.out.flush();
            int read = System.in.read();
            System.exit(read);
        }
    }

    @Test
    void the_first_to_take_it_has_it_and_the_next_one_hears_who_had_it_before() throws IOException {
        DirectoryLock first = DirectoryLock.take(directory, FIRST);
        assertThat(first.former()).isEmpty();
        first.release();
        DirectoryLock second = DirectoryLock.take(directory, SECOND);
        assertThat(second.former()).contains(FIRST);
        second.release();
        assertThat(Files.getPosixFilePermissions(directory.resolve(".lock")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void nobody_else_in_this_process_gets_it_and_trying_does_not_lose_it() throws IOException {
        DirectoryLock first = DirectoryLock.take(directory, FIRST);
        for (int tries = 0; tries < 2; tries++) {
            assertThatThrownBy(() -> DirectoryLock.take(directory, SECOND))
                    .isInstanceOf(ResultFailure.InUse.class);
        }
        first.release();
        DirectoryLock.take(directory, SECOND).release();
    }

    @Test
    void another_process_keeps_it_until_it_is_killed_and_is_named_to_who_asks()
            throws IOException, InterruptedException {
        Process other =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Other.class.getName(),
                                directory.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        try (BufferedReader says = other.inputReader(StandardCharsets.UTF_8)) {
            assertThat(says.readLine()).isEqualTo("taken");
            assertThatThrownBy(() -> DirectoryLock.take(directory, FIRST))
                    .isInstanceOf(ResultFailure.InUse.class)
                    .hasMessageContaining(directory.toString())
                    .hasMessageContaining("node node-7 (pid " + other.pid() + ")")
                    .hasMessageContaining("node.id");
            other.destroyForcibly().waitFor();
            DirectoryLock taken = DirectoryLock.take(directory, FIRST);
            assertThat(taken.former())
                    .contains(
                            new DirectoryLock.Holder(
                                    new NodeId("node-7"), "instance-7", other.pid()));
            taken.release();
        } finally {
            other.destroyForcibly();
        }
    }

    @Test
    void what_else_the_file_says_is_nobody() throws IOException {
        Files.writeString(directory.resolve(".lock"), "x".repeat(5_000));
        DirectoryLock taken = DirectoryLock.take(directory, FIRST);
        assertThat(taken.former()).isEmpty();
        taken.release();
        DirectoryLock again = DirectoryLock.take(directory, SECOND);
        assertThat(again.former()).contains(FIRST);
        again.release();
    }
}
