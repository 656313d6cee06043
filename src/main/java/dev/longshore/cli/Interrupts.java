package dev.longshore.cli;

import java.lang.reflect.Proxy;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ctrl-C and SIGTERM, taken from the JVM while a command runs: the first runs an action of the
 * command's, the second leaves at once. Java has no supported way to tell a first Ctrl-C from a
 * second; {@code sun.misc.Signal} of the module {@code jdk.unsupported} is the one there is, and
 * using it by name is a warning that cannot be switched off: hence the reflection, here and nowhere
 * else.
 */
final class Interrupts {
    private static final Map<String, Integer> SIGNALS = Map.of("INT", 2, "TERM", 15);

    private Interrupts() {}

    /**
     * Runs {@code body}; meanwhile, the first signal runs {@code first} on a thread of its own, the
     * next ends the process. Afterwards the signals are the JVM's again.
     *
     * @param first must come to an end by itself; what it fails with ends its thread
     */
    static <T> T during(Runnable first, Callable<T> body) throws Exception {
        AtomicInteger seen = new AtomicInteger();
        Map<String, Object> before = new LinkedHashMap<>();
        for (Map.Entry<String, Integer> signal : SIGNALS.entrySet()) {
            Runnable handler =
                    () -> {
                        if (seen.incrementAndGet() == 1) {
                            Thread.ofPlatform().daemon().name("on-" + signal.getKey()).start(first);
                        } else {
                            Runtime.getRuntime().halt(128 + signal.getValue());
                        }
                    };
            before.put(signal.getKey(), handle(signal.getKey(), handlerOf(handler)));
        }
        try {
            return body.call();
        } finally {
            for (Map.Entry<String, Object> old : before.entrySet()) {
                handle(old.getKey(), old.getValue());
            }
        }
    }

    private static Object handlerOf(Runnable action) throws ClassNotFoundException {
        Class<?> type = Class.forName("sun.misc.SignalHandler");
        return Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> {
                    return switch (method.getName()) {
                        case "handle" -> {
                            action.run();
                            yield null;
                        }
                        case "hashCode" -> System.identityHashCode(proxy);
                        case "equals" -> arguments != null && proxy == arguments[0];
                        default -> "handler of a command";
                    };
                });
    }

    /** Sets the handler of a signal; the one before. */
    private static Object handle(String name, Object handler) throws ReflectiveOperationException {
        Class<?> type = Class.forName("sun.misc.Signal");
        Object signal = type.getConstructor(String.class).newInstance(name);
        Object before =
                type.getMethod("handle", type, Class.forName("sun.misc.SignalHandler"))
                        .invoke(null, signal, handler);
        if (before == null) {
            throw new IllegalStateException("no handler of " + name + " before");
        }
        return before;
    }
}
