package dev.longshore.bus;

import dev.longshore.job.ExecutionId;

import io.vertx.core.Context;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/** What is asked over the bus, by reference. */
sealed interface Question {
    /** Where the owner in this process hears of it. */
    String ADDRESS = "longshore.own-executions";

    /** {@link OwnExecutions#exec}. */
    record Exec(ExecutionId executionId, List<String> command) implements Question {
        public Exec {
            Objects.requireNonNull(executionId, "executionId");
            command = List.copyOf(command);
        }
    }

    /** {@link OwnExecutions#stats}. */
    record Stats(ExecutionId executionId) implements Question {
        public Stats {
            Objects.requireNonNull(executionId, "executionId");
        }
    }

    /**
     * {@link OwnExecutions#output}.
     *
     * @param offered completed with the answer too, so that one who has given up waiting can still
     *     close it
     */
    record Output(ExecutionId executionId, String name, CompletableFuture<Offered> offered)
            implements Question {
        public Output {
            Objects.requireNonNull(executionId, "executionId");
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(offered, "offered");
        }
    }

    /**
     * A download that still belongs to its owner's context.
     *
     * @param owner the context that it must be used on
     * @param download the owner's
     */
    record Offered(Context owner, Download download) {
        public Offered {
            Objects.requireNonNull(owner, "owner");
            Objects.requireNonNull(download, "download");
        }

        /** From any thread. */
        void close() {
            owner.runOnContext(v -> download.close());
        }
    }
}
