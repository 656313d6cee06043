package dev.longshore.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/**
 * What a command reads from and writes to.
 *
 * @param in standard input
 * @param out standard output, UTF-8; whoever prints flushes
 * @param err standard error
 * @param outIsTerminal whether a person reads standard output
 * @param errIsTerminal whether a person reads standard error
 * @param environment the environment
 */
record Terminal(
        InputStream in,
        PrintStream out,
        PrintStream err,
        boolean outIsTerminal,
        boolean errIsTerminal,
        Map<String, String> environment) {
    /** This process's own. */
    static Terminal ofProcess() {
        return new Terminal(
                System.in,
                new PrintStream(
                        new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8),
                new PrintStream(
                        new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
                isTerminal(1),
                isTerminal(2),
                System.getenv());
    }

    /** Whether to colour standard output: only on a terminal, and never against the user's wish. */
    boolean colours() {
        return outIsTerminal && wantsColours();
    }

    private boolean wantsColours() {
        return environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !environment.getOrDefault("TERM", "").equals("dumb");
    }

    /** Prints a line on standard error, with our name in front. */
    void say(String line) {
        err.println("longshore: " + (errIsTerminal ? TerminalText.safe(line) : line));
        err.flush();
    }

    /** Prints a line on standard output. */
    void print(String line) {
        out.print(line + "\n");
        out.flush();
        stopIfClosed();
    }

    /** Ends the command where nobody reads any more, as behind {@code | head}. */
    void stopIfClosed() {
        if (out.checkError()) {
            throw new CliFailure(ExitCodes.OUTPUT_CLOSED, "");
        }
    }

    /**
     * Linux says where a descriptor leads; elsewhere Java can only say it for input and output
     * together.
     */
    private static boolean isTerminal(int descriptor) {
        Path link = Path.of("/proc/self/fd", String.valueOf(descriptor));
        if (Files.exists(Path.of("/proc/self/fd"))) {
            try {
                String target = Files.readSymbolicLink(link).toString();
                return target.startsWith("/dev/pts/")
                        || target.startsWith("/dev/tty")
                        || target.equals("/dev/console");
            } catch (IOException e) {
                return false;
            }
        }
        return Objects.requireNonNull(System.console(), "console").isTerminal();
    }
}
