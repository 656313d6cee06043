package dev.longshore.executor;

import dev.longshore.docker.ContainerView;
import dev.longshore.job.CommandPosition;
import dev.longshore.job.ExecutionId;
import dev.longshore.job.ExecutionRequest;
import dev.longshore.job.LogPosition;
import dev.longshore.job.StatusEvent;

import org.jspecify.annotations.Nullable;

/**
 * One execution of an earlier life, as {@link Adoption} finds it.
 *
 * @param newest its container of the latest attempt, or null
 * @param last what was said of it last, or null
 */
record Found(ExecutionId id, @Nullable ContainerView newest, @Nullable StatusEvent last) {
    @Nullable CommandPosition command() {
        String label = label(Containers.COMMAND);
        if (label != null) {
            return CommandPosition.parse(label);
        }
        return last == null ? null : last.command();
    }

    int attempt() {
        int contained = newest == null ? 1 : Containers.attempt(newest);
        return last == null ? contained : Math.max(contained, last.attempt());
    }

    /** Where the log of its newest container starts. */
    @Nullable LogPosition log() {
        CommandPosition label =
                label(Containers.LOG) == null ? null : CommandPosition.parse(label(Containers.LOG));
        if (label != null) {
            return new LogPosition(label.topic(), label.partition(), label.offset());
        }
        return last == null ? null : last.log();
    }

    /**
     * Whether a command that stands where ours did is ours: in a topic that was made anew it may be
     * another, even one of the same execution.
     */
    boolean isOf(@Nullable ExecutionRequest command) {
        String label = label(Containers.SPEC);
        String hash = label != null ? label : last == null ? null : last.specHash();
        return command != null
                && command.executionId().equals(id)
                && (hash == null || hash.equals(command.specHash()));
    }

    @Nullable String label(String name) {
        return newest == null ? null : newest.labels().get(name);
    }
}
