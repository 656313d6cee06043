package dev.longshore.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.ExecutionId;
import dev.longshore.job.Grant;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

class LedgerTest {
    private static final long CORE = 1_000_000_000L;
    private static final long MIB = 1L << 20;

    private final Ledger ledger =
            new Ledger(new NodeCapacity(new Grant(2 * CORE, 1024 * MIB, 1000), 3));

    @Test
    void promises_what_is_free_and_no_more() {
        assertThat(ledger.promise(id("a"), new Grant(CORE, 512 * MIB, 10), null)).isNotNull();
        assertThat(ledger.promise(id("b"), new Grant(3 * CORE / 2, 1, 1), null)).isNull();
        assertThat(ledger.promise(id("c"), new Grant(CORE, 512 * MIB, 10), null)).isNotNull();
        assertThat(ledger.allocated()).isEqualTo(new Grant(2 * CORE, 1024 * MIB, 20));
    }

    @Test
    void says_what_is_missing() {
        ledger.promise(id("a"), new Grant(CORE, 512 * MIB, 10), null);

        assertThat(ledger.shortage(new Grant(3 * CORE / 2, 600 * MIB, 10), null))
                .isEqualTo("1.5 cores (1 free), 600 MiB of memory (512 free)");
        assertThat(ledger.lack(new Grant(4 * CORE, 1, 1), null)).isEqualTo("4 cores (2 free)");
        assertThat(ledger.canEverHold(new Grant(4 * CORE, 1, 1), null)).isFalse();
    }

    @Test
    void counts_slots_too() {
        Grant small = new Grant(1, 1, 1);
        assertThat(ledger.promise(id("a"), small, null)).isNotNull();
        assertThat(ledger.promise(id("b"), small, null)).isNotNull();
        assertThat(ledger.promise(id("c"), small, null)).isNotNull();
        assertThat(ledger.promise(id("d"), small, null)).isNull();
        assertThat(ledger.shortage(small, null)).isEqualTo("a slot (all 3 in use)");
    }

    @Test
    void takes_back_once() {
        ledger.promise(id("a"), new Grant(CORE, MIB, 1), null);
        ledger.release(id("a"));
        ledger.release(id("a"));
        ledger.release(id("never"));

        assertThat(ledger.allocated()).isEqualTo(new Grant(0, 0, 0));
        assertThat(ledger.holders()).isZero();
    }

    @Test
    void never_over_promises_and_never_leaks_over_100_000_random_steps() {
        Random random = new Random(42);
        Map<ExecutionId, Grant> model = new HashMap<>();
        for (int step = 0; step < 100_000; step++) {
            ExecutionId id = id("e" + random.nextInt(12));
            if (random.nextBoolean()) {
                Grant wanted =
                        new Grant(
                                random.nextLong(3 * CORE),
                                random.nextLong(1500 * MIB),
                                random.nextInt(1200));
                if (ledger.promise(id, wanted, null) != null) {
                    model.putIfAbsent(id, wanted);
                }
            } else {
                ledger.release(id);
                model.remove(id);
            }
            assertThat(ledger.holders()).isEqualTo(model.size()).isLessThanOrEqualTo(3);
            assertThat(ledger.allocated()).isEqualTo(sum(model.values()));
            assertThat(ledger.allocated().cpuNanos()).isLessThanOrEqualTo(2 * CORE);
            assertThat(ledger.allocated().memoryBytes()).isLessThanOrEqualTo(1024 * MIB);
        }
        new ArrayList<>(model.keySet()).forEach(ledger::release);
        assertThat(ledger.allocated()).isEqualTo(new Grant(0, 0, 0));
    }

    private static Grant sum(Iterable<Grant> grants) {
        long cpu = 0;
        long memory = 0;
        int pids = 0;
        for (Grant grant : grants) {
            cpu += grant.cpuNanos();
            memory += grant.memoryBytes();
            pids += grant.pids();
        }
        return new Grant(cpu, memory, pids);
    }

    private static ExecutionId id(String value) {
        return new ExecutionId(value);
    }

    @Test
    void a_small_one_overtakes_a_big_one_only_so_often() {
        WaitingLine line = new WaitingLine(ledger, 2);
        ledger.promise(id("running"), new Grant(CORE, MIB, 1), null);
        line.join(id("big"), new Grant(2 * CORE, MIB, 1), null);
        List<ExecutionId> overtakers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            line.join(id("small" + i), new Grant(CORE / 4, MIB, 1), null);
            List<ExecutionId> admitted = List.copyOf(line.admit().keySet());
            admitted.forEach(ledger::release);
            overtakers.addAll(admitted);
        }
        assertThat(overtakers).containsExactly(id("small0"), id("small1"));

        ledger.release(id("running"));
        assertThat(line.admit().keySet()).containsExactly(id("big"));
        assertThat(line.size()).isEqualTo(2);
    }

    @Test
    void who_leaves_the_line_is_not_admitted() {
        WaitingLine line = new WaitingLine(ledger, 2);
        line.join(id("a"), new Grant(1, 1, 1), null);
        line.leave(id("a"));

        assertThat(line.admit()).isEmpty();
        assertThat(ledger.holders()).isZero();
    }
}
