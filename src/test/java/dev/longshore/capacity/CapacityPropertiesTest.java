package dev.longshore.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.ExecutionId;
import dev.longshore.job.Gpu;
import dev.longshore.job.GpuRequest;
import dev.longshore.job.GpuVendor;
import dev.longshore.job.Grant;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * What holds whatever happens, tried with random sequences in which the node crashes now and then:
 * a new ledger then adopts what runs, and a new line is joined in the old order.
 */
class CapacityPropertiesTest {
    private static final int SEQUENCES = 100_000;
    private static final int STEPS = 12;
    private static final int MAX_RUNNING = 4;
    private static final Grant NOTHING = new Grant(0, 0, 0);

    /** Long enough for everybody to be overtaken as often as may be, and then some. */
    private static final int LONG_STEPS = 2000;

    private static final int LONG_SEQUENCES = 100;
    private static final int MAX_WAITING = 6;
    private static final int LONGEST_RUN_STEPS = 5;
    private static final int MAX_OVERTAKES = 3;

    private final List<Gpu> gpus =
            List.of(
                    gpu("n0", GpuVendor.NVIDIA, 80, true),
                    gpu("n1", GpuVendor.NVIDIA, 24, true),
                    gpu("n2", GpuVendor.NVIDIA, 24, false),
                    gpu("a0", GpuVendor.AMD, 0, true));
    private final NodeCapacity capacity = new NodeCapacity(new Grant(8, 8, 8, gpus), MAX_RUNNING);

    @Test
    void a_ledger_never_gives_what_it_has_not_and_loses_nothing() {
        String broken = null;
        for (int seed = 0; seed < SEQUENCES && broken == null; seed++) {
            broken = ledgerSequence(new Random(seed));
            broken = broken == null ? null : "seed " + seed + ": " + broken;
        }
        assertThat(broken).isNull();
    }

    @Test
    void a_line_never_gives_what_there_is_not_and_loses_nobody() {
        String broken = null;
        for (int seed = 0; seed < SEQUENCES && broken == null; seed++) {
            broken = new Life(new Random(seed), STEPS, 0.1).live();
            broken = broken == null ? null : "seed " + seed + ": " + broken;
        }
        assertThat(broken).isNull();
    }

    @Test
    void nobody_in_the_line_starves() {
        String broken = null;
        for (int seed = 0; seed < LONG_SEQUENCES && broken == null; seed++) {
            broken = new Life(new Random(seed), LONG_STEPS, 0).live();
            broken = broken == null ? null : "seed " + seed + ": " + broken;
        }
        assertThat(broken).isNull();
    }

    private @Nullable String ledgerSequence(Random random) {
        Ledger ledger = new Ledger(capacity);
        Map<ExecutionId, Grant> model = new LinkedHashMap<>();
        for (int step = 0; step < STEPS; step++) {
            ExecutionId id = new ExecutionId("e" + random.nextInt(8));
            int dice = random.nextInt(20);
            if (dice == 0) {
                ledger = new Ledger(capacity);
                model.forEach(ledger::adopt);
            } else if (dice < 12) {
                Wish wish = wish(random);
                boolean fits = ledger.shortage(wish.amounts, wish.gpus).isEmpty();
                Grant grant = ledger.promise(id, wish.amounts, wish.gpus);
                if (!model.containsKey(id) && fits != (grant != null)) {
                    return "the shortage of " + wish + " says another thing than the promise";
                }
                if (grant != null) {
                    Grant earlier = model.putIfAbsent(id, grant);
                    String bad = earlier == null ? unlike(wish, grant) : null;
                    if (bad != null || (earlier != null && !earlier.equals(grant))) {
                        return "for " + wish + ", " + grant + ": " + bad;
                    }
                }
            } else {
                ledger.release(id);
                model.remove(id);
            }
            String wrong = wrong(ledger, model);
            if (wrong != null) {
                return wrong;
            }
        }
        model.keySet().forEach(ledger::release);
        return ledger.allocated().equals(NOTHING) && ledger.holders() == 0 ? null : "a leak";
    }

    /** What of the ledger is not as the list of who holds what says; null where all is well. */
    private @Nullable String wrong(Ledger ledger, Map<ExecutionId, Grant> model) {
        long cpu = 0;
        long memory = 0;
        int pids = 0;
        Set<Gpu> given = new HashSet<>();
        for (Grant grant : model.values()) {
            cpu += grant.cpuNanos();
            memory += grant.memoryBytes();
            pids += grant.pids();
            for (Gpu gpu : grant.gpus()) {
                if (!given.add(gpu) || !gpu.healthy() || !gpus.contains(gpu)) {
                    return gpu + " is given twice, or is no good";
                }
            }
        }
        Grant all = ledger.allocated();
        if (cpu > 8 || memory > 8 || pids > 8 || model.size() > MAX_RUNNING) {
            return "more is given than there is: " + all;
        }
        boolean same =
                all.with(List.of()).equals(new Grant(cpu, memory, pids))
                        && new HashSet<>(all.gpus()).equals(given)
                        && all.gpus().size() == given.size()
                        && ledger.holders() == model.size();
        return same ? null : all + " is not the sum of " + model;
    }

    private static @Nullable String unlike(Wish wish, Grant grant) {
        GpuRequest asked = wish.gpus;
        if (!grant.with(List.of()).equals(wish.amounts)) {
            return "other amounts";
        }
        if (asked == null) {
            return grant.gpus().isEmpty() ? null : "GPUs that nobody asked for";
        }
        Long least = asked.minMemoryBytes();
        boolean right =
                grant.gpus().size() == asked.count()
                        && grant.gpus().stream()
                                .allMatch(
                                        gpu ->
                                                gpu.vendor() == asked.vendor()
                                                        && (least == null
                                                                || gpu.memoryBytes() >= least));
        List<String> ids = grant.gpus().stream().map(Gpu::id).toList();
        return right && (asked.ids().isEmpty() || asked.ids().equals(ids)) ? null : "other GPUs";
    }

    private static Wish wish(Random random) {
        Grant amounts = new Grant(random.nextInt(9), random.nextInt(9), random.nextInt(5));
        GpuVendor vendor = random.nextInt(4) == 0 ? GpuVendor.AMD : GpuVendor.NVIDIA;
        return new Wish(
                amounts,
                switch (random.nextInt(6)) {
                    case 0 -> new GpuRequest(vendor, 1, List.of(), null, null);
                    case 1 -> new GpuRequest(vendor, 2, List.of(), null, null);
                    case 2 -> new GpuRequest(vendor, 1, List.of(), null, 40L);
                    case 3 ->
                            new GpuRequest(vendor, 1, List.of("n" + random.nextInt(3)), null, null);
                    default -> null;
                });
    }

    private static Gpu gpu(String id, GpuVendor vendor, long memoryBytes, boolean healthy) {
        return new Gpu(vendor, id, "model " + id, memoryBytes, null, null, healthy);
    }

    /** What one asks for. */
    private record Wish(Grant amounts, @Nullable GpuRequest gpus) {}

    /** A node's work with a line that is never short of newcomers. */
    private final class Life {
        private final Random random;
        private final int steps;
        private final double crashes;
        private final Map<ExecutionId, Wish> waiting = new LinkedHashMap<>();
        private final Map<ExecutionId, Integer> since = new LinkedHashMap<>();
        private final Map<ExecutionId, Grant> running = new LinkedHashMap<>();
        private final Map<ExecutionId, Integer> until = new LinkedHashMap<>();
        private int arrived;
        private Ledger ledger = new Ledger(capacity);
        private WaitingLine line = new WaitingLine(ledger, MAX_OVERTAKES);

        private Life(Random random, int steps, double crashes) {
            this.random = random;
            this.steps = steps;
            this.crashes = crashes;
        }

        private @Nullable String live() {
            for (int step = 0; step < steps; step++) {
                if (random.nextDouble() < crashes) {
                    crash();
                }
                arrive(step);
                end(step);
                String wrong = admit(step);
                if (wrong != null) {
                    return "step " + step + ": " + wrong;
                }
            }
            return drained();
        }

        private void crash() {
            ledger = new Ledger(capacity);
            running.forEach(ledger::adopt);
            line = new WaitingLine(ledger, MAX_OVERTAKES);
            waiting.forEach((id, wish) -> line.join(id, wish.amounts, wish.gpus));
        }

        private void arrive(int step) {
            while (waiting.size() < MAX_WAITING && random.nextInt(3) > 0) {
                Wish wish = crashes > 0 ? wish(random) : inACrowd();
                if (ledger.canEverHold(wish.amounts, wish.gpus)) {
                    ExecutionId id = new ExecutionId("e" + ++arrived);
                    waiting.put(id, wish);
                    since.put(id, step);
                    line.join(id, wish.amounts, wish.gpus);
                }
            }
        }

        /** Many small ones and, now and then, one that needs the whole node: it could starve. */
        private Wish inACrowd() {
            Grant whole = new Grant(8, 8, 4);
            boolean bigWaits = waiting.values().stream().anyMatch(w -> w.amounts.equals(whole));
            GpuRequest gpu = new GpuRequest(GpuVendor.NVIDIA, 1, List.of(), null, null);
            GpuRequest some = random.nextInt(4) == 0 ? gpu : null;
            boolean big = !bigWaits && random.nextInt(10) == 0;
            return new Wish(big ? whole : new Grant(1, 1, 1), some);
        }

        private void end(int step) {
            for (ExecutionId id : List.copyOf(running.keySet())) {
                if (until.getOrDefault(id, 0) <= step) {
                    running.remove(id);
                    until.remove(id);
                    ledger.release(id);
                }
            }
        }

        private @Nullable String admit(int step) {
            for (Map.Entry<ExecutionId, Grant> next : line.admit().entrySet()) {
                Wish wish = waiting.remove(next.getKey());
                String bad = wish == null ? "not waiting" : unlike(wish, next.getValue());
                if (bad != null) {
                    return next + ": " + bad;
                }
                running.put(next.getKey(), next.getValue());
                until.put(next.getKey(), step + 1 + random.nextInt(LONGEST_RUN_STEPS));
            }
            // First in line, one is overtaken at most so often, and every run ends.
            int longest = MAX_WAITING * (MAX_OVERTAKES + 2) * (LONGEST_RUN_STEPS + 1);
            for (ExecutionId id : waiting.keySet()) {
                if (step - since.getOrDefault(id, 0) > longest) {
                    return id + " starves: " + waiting.get(id);
                }
            }
            return line.size() == waiting.size() ? wrong(ledger, running) : "somebody got lost";
        }

        /** Without newcomers, everybody gets a turn, and at last everything is free. */
        private @Nullable String drained() {
            List<String> problems = new ArrayList<>();
            int step = steps;
            while (problems.isEmpty() && !(waiting.isEmpty() && running.isEmpty())) {
                step++;
                end(step);
                String wrong = admit(step);
                if (wrong != null) {
                    problems.add(wrong);
                }
            }
            if (!ledger.allocated().equals(NOTHING)) {
                problems.add("a leak");
            }
            return problems.isEmpty() ? null : String.join(", ", problems);
        }
    }
}
