package dev.longshore.docker;

import dev.longshore.job.ExecutionId;
import dev.longshore.job.LogStream;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** From an engine's bytes to numbered lines, a thousand lines of 100 bytes at a time. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class LogPathBenchmark {
    private static final int LINES = 1000;
    private static final ExecutionId ID = new ExecutionId("bench");

    private final byte[] frames = frames();

    /** Frames alone. */
    @Benchmark
    @OperationsPerInvocation(LINES)
    public void frames(Blackhole sink) {
        new FrameDecoder().feed(frames, (type, bytes, from, to) -> sink.consume(to - from));
    }

    /** Frames to lines. */
    @Benchmark
    @OperationsPerInvocation(LINES)
    public void lines(Blackhole sink) {
        LineSplitter splitter = new LineSplitter(ID, 1);
        new FrameDecoder()
                .feed(
                        frames,
                        (type, bytes, from, to) ->
                                splitter.record(LogStream.STDOUT, bytes, from, to, sink::consume));
    }

    private static byte[] frames() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            for (int i = 0; i < LINES; i++) {
                String time = "2026-01-01T00:00:00.%09dZ ".formatted(i * 1000);
                byte[] record = (time + "x".repeat(99) + "\n").getBytes(StandardCharsets.US_ASCII);
                out.writeInt(1 << 24);
                out.writeInt(record.length);
                out.write(record);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
