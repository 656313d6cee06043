package dev.longshore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

class InterruptsTest {
    @Test
    @DisabledOnOs(OS.WINDOWS)
    void the_first_signal_runs_the_commands_own_action_and_the_command_goes_on() throws Exception {
        CountDownLatch cancelled = new CountDownLatch(1);
        String end =
                Interrupts.during(
                        cancelled::countDown,
                        () -> {
                            String pid = String.valueOf(ProcessHandle.current().pid());
                            // Not INT: a JVM that a shell put into the background ignores that.
                            new ProcessBuilder("kill", "-TERM", pid).start().waitFor();
                            return cancelled.await(30, TimeUnit.SECONDS) ? "cancelled" : "too late";
                        });
        assertThat(end).isEqualTo("cancelled");
    }
}
