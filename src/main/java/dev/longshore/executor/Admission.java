package dev.longshore.executor;

import dev.longshore.capacity.Ledger;
import dev.longshore.capacity.WaitingLine;
import dev.longshore.job.ExecutionId;
import dev.longshore.job.ExecutionRequest;
import dev.longshore.job.GpuRequest;
import dev.longshore.job.Grant;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/**
 * Who may run here at all, who runs now, and who waits for capacity. Lives on the executor's
 * context.
 */
final class Admission {
    private static final int MOST_OVERTAKES = 32;

    private final Policy policy;
    private final Ledger ledger;
    private final Roster roster;
    private final WaitingLine line;
    private Runnable onRoom = () -> {};

    Admission(Policy policy, Ledger ledger, Roster roster) {
        this.policy = policy;
        this.ledger = ledger;
        this.roster = roster;
        this.line = new WaitingLine(ledger, MOST_OVERTAKES);
    }

    /** What is promised and what there is. */
    Ledger ledger() {
        return ledger;
    }

    /** How many wait. */
    int waiting() {
        return line.size();
    }

    /** Tells {@code listener} whenever the line of those who wait gets shorter. */
    void onRoom(Runnable listener) {
        onRoom = listener;
    }

    /** Why the node will never run it, or empty. */
    Optional<ExecutorFailure> unwilling(ExecutionRequest request, Grant wanted) {
        ExecutionId id = request.executionId();
        GpuRequest gpus = request.resources().gpus();
        Optional<ExecutorFailure> forbidden =
                policy.judge(request, wanted)
                        .map(verdict -> new ExecutorFailure.NotPermitted(verdict));
        return forbidden.isPresent() || ledger.canEverHold(wanted, gpus)
                ? forbidden
                : Optional.of(new ExecutorFailure.CanNeverFit(id, ledger.lack(wanted, gpus)));
    }

    /** What somebody who came now would wait for, or null where it would not wait. */
    @Nullable String whyWait(Grant wanted, @Nullable GpuRequest gpus) {
        String shortage = ledger.shortage(wanted, gpus);
        if (!shortage.isEmpty()) {
            return "waits for " + shortage;
        }
        return line.size() == 0 ? null : "waits behind " + line.size() + " others";
    }

    /** Where this execution waits for what it wants, and gives it back. */
    Place place(ExecutionId id, Grant wanted, @Nullable GpuRequest gpus) {
        return new Place() {
            @Override
            public void join() {
                line.join(id, wanted, gpus);
                admit();
            }

            @Override
            public void leave() {
                line.leave(id);
                ledger.release(id);
                admit();
                onRoom.run();
            }
        };
    }

    private void admit() {
        line.admit()
                .forEach(
                        (id, grant) -> {
                            ExecutionHandler handler = roster.live(id);
                            if (handler != null) {
                                handler.begin(grant);
                            }
                        });
    }
}
