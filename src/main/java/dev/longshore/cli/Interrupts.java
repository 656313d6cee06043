package dev.longshore.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * Ctrl-C and SIGTERM, taken from the JVM until closed: the first runs an action of the command's, the second leaves at
 * once. Java has no public way to tell a first Ctrl-C from a second, so this one class uses {@code jdk.unsupported}.
 */
final class Interrupts implements AutoCloseable {
    private final Map<Signal, SignalHandler> before = new LinkedHashMap<>();

    /**
     * From now on, the first signal runs {@code first} on a thread of its own, the next ends the process.
     *
     * @param first must come to an end by itself; what it fails with ends its thread
     */
    Interrupts(Runnable first) {
        AtomicInteger seen = new AtomicInteger();
        for (String name : new String[] {"INT", "TERM"}) {
            SignalHandler handler = signal -> {
                if (seen.incrementAndGet() == 1) {
                    Thread.ofPlatform().daemon().name("on-" + name).start(first);
                } else {
                    Runtime.getRuntime().halt(128 + signal.getNumber());
                }
            };
            Signal signal = new Signal(name);
            before.put(signal, Signal.handle(signal, handler));
        }
    }

    /** Gives the signals back. */
    @Override
    public void close() {
        before.forEach(Signal::handle);
    }
}
