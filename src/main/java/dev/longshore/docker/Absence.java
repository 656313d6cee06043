package dev.longshore.docker;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * A time in which the engine was not heard: from an {@link EngineEvent.Lost} to the next {@link
 * EngineEvent.Connected}.
 *
 * @param lostAt when the stream of events broke, by the engine's clock
 * @param connectedAt when it went on, null while it has not
 * @param engine which engine process came back; {@link EngineEvent.Engine#UNKNOWN} while none has
 */
public record Absence(Instant lostAt, @Nullable Instant connectedAt, EngineEvent.Engine engine) {
    private static final Duration CLOCKS = Duration.ofMillis(500);

    /** Refuses nulls by name. */
    public Absence {
        Objects.requireNonNull(lostAt, "lostAt");
        Objects.requireNonNull(engine, "engine");
    }

    /** Still going on. */
    public static Absence since(EngineEvent.Lost lost) {
        return new Absence(lost.time(), null, EngineEvent.Engine.UNKNOWN);
    }

    /** The same, over. */
    public Absence until(EngineEvent.Connected connected) {
        return new Absence(lostAt, connected.time(), connected.engine());
    }

    /**
     * The time before an engine was heard at all, for a container from before: which lies in it
     * whole or with its end. Null for one whose start was told, which was heard from its beginning.
     *
     * @param connected when the engine was first heard, null while it was not
     */
    public static @Nullable Absence before(
            EngineEvent.@Nullable Connected connected,
            ContainerView exited,
            List<EngineEvent.Container> seen) {
        Instant started = exited.startedAt();
        if (started == null || LastRun.of(seen).begun() > 0) {
            return null;
        }
        if (connected == null) {
            return new Absence(started, null, EngineEvent.Engine.UNKNOWN);
        }
        if (!started.isBefore(connected.time().minus(CLOCKS))) {
            return null;
        }
        EngineEvent.Engine engine =
                switch (connected.recall()) {
                    case PART -> EngineEvent.Engine.UNKNOWN;
                    case WHOLE -> EngineEvent.Engine.RESTARTED;
                    case WHOLE_LIVE -> EngineEvent.Engine.RESTARTED_LIVE;
                };
        return new Absence(started, connected.time(), engine);
    }
}
