package dev.longshore.wire;

import dev.longshore.job.ExecutionId;
import dev.longshore.job.JobCommand;
import dev.longshore.job.Refusal;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a record turned out to be. A bad record is a value, never an exception. */
public sealed interface Decoded {
    /**
     * A command that can be acted on.
     *
     * @param command the command
     */
    record Command(JobCommand command) implements Decoded {
        /** Refuses null by name. */
        public Command {
            Objects.requireNonNull(command, "command");
        }
    }

    /**
     * What cannot be acted on.
     *
     * @param refusal why not
     * @param executionId which execution was meant, if that could be read beyond doubt; null otherwise, as when key and
     *     value name two
     */
    record Malformed(Refusal refusal, @Nullable ExecutionId executionId) implements Decoded {
        /** Refuses a null refusal by name. */
        public Malformed {
            Objects.requireNonNull(refusal, "refusal");
        }
    }
}
