package dev.longshore.testing;

import dev.longshore.app.dev.EngineAddress;
import dev.longshore.app.dev.EngineApi;
import dev.longshore.app.dev.EngineSetup;
import dev.longshore.app.dev.ImageSetup;
import dev.longshore.app.dev.Machine;
import dev.longshore.app.dev.SetupException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.List;

/**
 * The Docker engine of integration tests, one per test JVM, started when first asked for. As root
 * on Linux it is a private one that nobody else sees; otherwise the one at {@code DOCKER_HOST} or
 * the default socket. It ends with the JVM and leaves nothing. Any thread may call.
 */
public final class TestEngine {
    private static @Nullable PrivateEngine own;
    private static @Nullable String host;
    private static boolean hooked;

    private TestEngine() {}

    /** Where it listens, such as {@code unix:///tmp/ls-123/s}. */
    public static synchronized String host() {
        if (host == null) {
            host = hasOwnEngines() ? ownHost() : sharedHost();
        }
        return host;
    }

    /** The small image with a shell that it has. */
    public static String image() {
        return ImageSetup.IMAGE;
    }

    /** Simple calls to it. */
    public static EngineApi api() {
        return new EngineApi(new EngineAddress(host()));
    }

    /**
     * Whether {@link #privateEngine()} works here: tests that hurt an engine are for such machines.
     */
    public static boolean hasOwnEngines() {
        Machine machine = Machine.here();
        return machine.linux() && machine.root();
    }

    /** Another engine, for a test that stops or kills it; the test closes it. */
    public static PrivateEngine privateEngine() {
        return privateEngine(List.of());
    }

    /** The same of a daemon with more flags. */
    public static PrivateEngine privateEngine(List<String> flags) {
        install();
        return PrivateEngine.create(flags);
    }

    /** Ends this JVM's engine, if it was started. Idempotent. */
    static synchronized void shutDown() {
        PrivateEngine engine = own;
        own = null;
        host = null;
        if (engine != null) {
            engine.close();
        }
    }

    private static String ownHost() {
        install();
        PrivateEngine.sweepOrphans();
        if (!hooked) {
            // For a JVM that is told to end in the middle; the session listener is quicker
            // otherwise.
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(TestEngine::shutDown, "test-engine-end"));
            hooked = true;
        }
        PrivateEngine engine = PrivateEngine.create();
        own = engine;
        return engine.host();
    }

    private static String sharedHost() {
        Machine machine = Machine.here();
        try {
            new EngineSetup(machine, System.err::println).ensure();
            new ImageSetup(new EngineApi(machine.engine()), machine, System.err::println).ensure();
            return machine.engine().host();
        } catch (SetupException e) {
            throw new IllegalStateException(e.getMessage() + "\n" + e.remedy(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static void install() {
        try {
            new EngineSetup(Machine.here(), System.err::println).install();
        } catch (SetupException e) {
            throw new IllegalStateException(e.getMessage() + "\n" + e.remedy(), e);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
