package dev.longshore.results;

import dev.longshore.job.LogRecord;
import dev.longshore.job.LogStream;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;

/**
 * The two log files of one attempt, open for appending. Blocks: worker threads only, one at a time.
 */
final class LogFiles {
    private final FileChannel stdout;
    private final FileChannel stderr;

    private LogFiles(FileChannel stdout, FileChannel stderr) {
        this.stdout = stdout;
        this.stderr = stderr;
    }

    /** Makes both, empty, in this directory, which has neither. */
    static LogFiles create(Path attempt) throws IOException {
        FileChannel out = Disk.newFile(attempt.resolve("stdout.log"));
        try {
            return new LogFiles(out, Disk.newFile(attempt.resolve("stderr.log")));
        } catch (IOException | RuntimeException failure) {
            out.close();
            throw failure;
        }
    }

    void append(List<? extends LogRecord> batch) throws IOException {
        append(stdout, batch, LogStream.STDOUT);
        append(stderr, batch, LogStream.STDERR);
    }

    void close() throws IOException {
        try (stdout;
                stderr) {
            stdout.force(false);
            stderr.force(false);
        }
    }

    private static void append(FileChannel file, List<? extends LogRecord> batch, LogStream stream)
            throws IOException {
        int size = 0;
        for (LogRecord each : batch) {
            if (each instanceof LogRecord.Line line && line.stream() == stream) {
                size += line.bytes().length + 1;
            }
        }
        if (size == 0) {
            return;
        }
        ByteBuffer text = ByteBuffer.allocate(size);
        for (LogRecord each : batch) {
            if (each instanceof LogRecord.Line line && line.stream() == stream) {
                text.put(line.bytes());
                if (!line.partial()) {
                    text.put((byte) '\n');
                }
            }
        }
        text.flip();
        while (text.hasRemaining()) {
            file.write(text);
        }
    }
}
