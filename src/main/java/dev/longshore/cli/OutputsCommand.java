package dev.longshore.cli;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** {@code outputs}: downloads what an execution left in an output. */
@Command(
        name = "outputs",
        description = "Download an output of an execution as a tar file.",
        footer = {
            "",
            "Examples:",
            "  longshore outputs thumbnails-0007 thumbs                 #"
                    + " thumbnails-0007-thumbs.tar",
            "  longshore outputs --file - thumbnails-0007 thumbs | tar x"
        })
final class OutputsCommand extends ClientCommand {
    private static final String TAR = "application/x-tar";

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE|-",
            description = "Where to; - for standard output. Default: ID-NAME.tar here.")
    private @Nullable String file;

    @Parameters(index = "0", paramLabel = "ID", description = "The execution's id.")
    private String id = "";

    @Parameters(index = "1", paramLabel = "NAME", description = "The output's name.")
    private String name = "";

    OutputsCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() {
        boolean toOut = "-".equals(file);
        if (toOut && terminal().outIsTerminal()) {
            throw new CliFailure(
                    ExitCodes.USAGE,
                    "a tar file is nothing for a terminal: name a file with --file");
        }
        ApiClient api = api();
        try (InputStream bytes =
                api.getStream(execution(id) + "/outputs/" + ApiClient.encoded(name), TAR).body()) {
            if (toOut) {
                copy(bytes);
            } else {
                save(bytes, Path.of(file == null ? id + "-" + name + ".tar" : file));
            }
            return ExitCodes.DONE;
        } catch (IOException e) {
            throw api.cannotReach(e);
        }
    }

    private void copy(InputStream bytes) throws IOException {
        byte[] piece = new byte[64 << 10];
        for (int read = bytes.read(piece); read >= 0; read = bytes.read(piece)) {
            terminal().out().write(piece, 0, read);
            terminal().stopIfClosed();
        }
        terminal().out().flush();
        terminal().stopIfClosed();
    }

    /** Under another name first: what broke off must not look like the whole. */
    private void save(InputStream bytes, Path target) throws IOException {
        Path absolute = target.toAbsolutePath();
        Path part = part(absolute);
        try {
            long size = Files.copy(bytes, part, StandardCopyOption.REPLACE_EXISTING);
            move(part, absolute);
            terminal()
                    .print(
                            json()
                                    ? ApiClient.line(
                                            ApiClient.JSON
                                                    .createObjectNode()
                                                    .put("file", target.toString())
                                                    .put("bytes", size))
                                    : target + ", " + StatsCommand.bytes(size));
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static Path part(Path target) {
        try {
            Path directory = target.getParent();
            return Files.createTempFile(directory, "longshore-", ".part");
        } catch (IOException e) {
            throw cannotWrite(target, e);
        }
    }

    private static void move(Path part, Path target) {
        try {
            Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw cannotWrite(target, e);
        }
    }

    private static CliFailure cannotWrite(Path target, IOException e) {
        return new CliFailure(
                ExitCodes.FAILED, "cannot write " + target + ": " + e.getMessage(), e);
    }
}
