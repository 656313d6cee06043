package dev.longshore.wire;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.util.concurrent.TimeUnit;

/** Events and commands to and from their form on the wire. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class EventCodecBenchmark {
    private final EventCodec events = new EventCodec();
    private final CommandCodec commands = new CommandCodec();
    private final Message status = events.status(WireFixtures.running(), null);
    private final Message result = events.result(WireFixtures.result(), null);
    private final byte[] start = commands.encode(WireFixtures.start());

    /** Writes a status event. */
    @Benchmark
    public Object writeStatus() {
        return events.status(WireFixtures.running(), null);
    }

    /** Reads one. */
    @Benchmark
    public Object readStatus() {
        return events.readStatus(status);
    }

    /** Writes a result event. */
    @Benchmark
    public Object writeResult() {
        return events.result(WireFixtures.result(), null);
    }

    /** Reads one. */
    @Benchmark
    public Object readResult() {
        return events.readResult(result);
    }

    /** Reads a start command, checked against its schema. */
    @Benchmark
    public Object readStart() {
        return commands.startBody(start);
    }
}
