package dev.longshore.docker;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Objects;

/**
 * What {@link Docker#events} tells. {@link Connected} and {@link Lost} take turns; what is told of
 * containers lies between a {@code Connected} and the next {@code Lost}. All times are the engine's
 * own clock: exact for containers, within a second for the other two.
 */
public sealed interface EngineEvent {
    /** When it was so, by the engine's clock. */
    Instant time();

    /**
     * Something happened to a container.
     *
     * @param containerId the engine's id
     * @param action what happened
     * @param exitCode for {@link Action#DIE} only
     * @param signal for {@link Action#KILL} only, such as {@code SIGTERM}; a number without a name
     *     is told as itself
     * @param time when it happened, to the nanosecond
     */
    record Container(
            String containerId,
            Action action,
            @Nullable Integer exitCode,
            @Nullable String signal,
            Instant time)
            implements EngineEvent {
        /** Refuses nulls by name. */
        public Container {
            Objects.requireNonNull(containerId, "containerId");
            Objects.requireNonNull(action, "action");
            Objects.requireNonNull(time, "time");
        }
    }

    /**
     * The engine tells its events from now on.
     *
     * @param time since when
     * @param engine whether it is the engine process that was listened to before
     * @param recall how far back it can tell; meaningful with {@link Engine#FIRST} only
     */
    record Connected(Instant time, Engine engine, Recall recall) implements EngineEvent {
        /** Refuses nulls by name. */
        public Connected {
            Objects.requireNonNull(time, "time");
            Objects.requireNonNull(engine, "engine");
            Objects.requireNonNull(recall, "recall");
        }

        /** Of an engine that may have forgotten. */
        public Connected(Instant time, Engine engine) {
            this(time, engine, Recall.PART);
        }
    }

    /**
     * The engine cannot be heard: it stopped, was killed, or the connection broke.
     *
     * @param time since when
     */
    record Lost(Instant time) implements EngineEvent {
        /** Refuses nulls by name. */
        public Lost {
            Objects.requireNonNull(time, "time");
        }
    }

    /** How far back an engine process remembers what it has told. */
    enum Recall {
        /** It may have forgotten what it told first. */
        PART,
        /**
         * To its own start: whatever it does not tell was before. It has ended what it found
         * running then.
         */
        WHOLE,
        /** To its own start, and it let run what it found: live-restore. */
        WHOLE_LIVE
    }

    /** Which engine process answers after a break. */
    enum Engine {
        /**
         * The first connection: nothing to compare with. What the engine still remembers is told
         * right after this.
         */
        FIRST,
        /** The one from before the break: only the connection broke. Nothing was missed. */
        SAME,
        /**
         * A new one: the engine was started again, and has ended what it found running. Of that it
         * tells, right after this.
         */
        RESTARTED,
        /** A new one that lets containers run while it is away: live-restore. */
        RESTARTED_LIVE,
        /** It cannot be told. Events may have been missed. */
        UNKNOWN
    }

    /** What can happen to a container; other actions of the engine are not told. */
    enum Action {
        /** Made. */
        CREATE,
        /** Its program was started. */
        START,
        /** Its program has ended, whatever the cause. */
        DIE,
        /** Somebody had the engine send a signal to the program. */
        KILL,
        /** Somebody had the engine stop it; told after its end. */
        STOP,
        /** The kernel killed a process of it for want of memory. */
        OOM,
        /** Frozen. */
        PAUSE,
        /** Goes on. */
        UNPAUSE,
        /** Has another name. */
        RENAME,
        /** Removed. */
        DESTROY
    }
}
