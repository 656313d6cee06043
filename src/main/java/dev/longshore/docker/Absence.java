package dev.longshore.docker;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
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
}
