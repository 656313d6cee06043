package dev.longshore.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.job.ExecutionId;
import dev.longshore.job.Gpu;
import dev.longshore.job.GpuRequest;
import dev.longshore.job.GpuVendor;
import dev.longshore.job.Grant;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Objects;

class GpuLedgerTest {
    private static final long GIB = 1L << 30;
    private static final Grant SMALL = new Grant(1, 1, 1);

    private final Gpu large = nvidia("large", "NVIDIA H200", 141, true);
    private final Gpu first = nvidia("first", "NVIDIA L4", 24, true);
    private final Gpu second = nvidia("second", "NVIDIA L4", 24, true);
    private final Gpu sick = nvidia("sick", "NVIDIA L4", 24, false);
    private final Gpu amd = new Gpu(GpuVendor.AMD, "amd", "AMD 0x74a1", 0, null, null, true);
    private final NodeCapacity capacity =
            new NodeCapacity(
                    new Grant(100, 100, 100, List.of(large, sick, first, second, amd)), 10);
    private final Ledger ledger = new Ledger(capacity);

    @Test
    void the_smallest_that_suffices_goes_first_then_the_order_of_the_inventory() {
        assertThat(got("a", any(1))).containsExactly(first);
        assertThat(got("b", any(2))).containsExactly(second, large);
        assertThat(ledger.promise(id("c"), SMALL, any(1))).isNull();
        assertThat(ledger.allocated().gpus()).containsExactly(first, second, large);

        ledger.release(id("b"));
        ledger.release(id("b"));
        assertThat(got("c", with(null, 80 * GIB))).containsExactly(large);
    }

    @Test
    void just_those_asked_for_are_given_in_that_order() {
        assertThat(got("a", ids("large", "first"))).containsExactly(large, first);

        assertThat(ledger.shortage(SMALL, ids("large", "second")))
                .isEqualTo("the GPU large (in use)");
        assertThat(ledger.canEverHold(SMALL, ids("large", "second"))).isTrue();
        assertThat(ledger.lack(SMALL, ids("sick", "nobody", "amd", "second", "second")))
                .isEqualTo(
                        "the GPU sick (unhealthy), the GPU nobody (not on this node), the GPU amd"
                                + " (it is amd, AMD 0x74a1 with 0 GiB), the GPU second (asked for"
                                + " twice)");
        assertThat(ledger.promise(id("b"), SMALL, ids("second", "second"))).isNull();
    }

    @Test
    void a_model_is_found_by_a_part_of_its_name_in_any_case() {
        assertThat(got("a", with("h200", null))).containsExactly(large);
        assertThat(ledger.shortage(SMALL, with("h200", null)))
                .isEqualTo("1 nvidia GPU of model h200 (0 free, 1 unhealthy)");
        assertThat(ledger.lack(SMALL, with("b300", null)))
                .isEqualTo("a GPU of model b300 (here: NVIDIA H200, NVIDIA L4)");
    }

    @Test
    void says_what_is_missing_of_gpus() {
        assertThat(ledger.lack(SMALL, any(4))).isEqualTo("4 nvidia GPUs (3 free, 1 unhealthy)");
        assertThat(ledger.lack(SMALL, with("L4", 80 * GIB)))
                .isEqualTo("a GPU with 80 GiB (largest has 24)");
        assertThat(ledger.lack(SMALL, new GpuRequest(GpuVendor.INTEL, 1, List.of(), null, null)))
                .isEqualTo("1 intel GPU (0 free)");
        assertThat(ledger.lack(SMALL, new GpuRequest(GpuVendor.AMD, 1, List.of(), null, GIB)))
                .isEqualTo("a GPU with 1 GiB (how much there is, is not known)");
        assertThat(ledger.lack(new Grant(101, 1, 1), any(1))).contains("cores");
    }

    @Test
    void who_asks_for_no_gpu_gets_none_even_if_its_amounts_name_one() {
        Grant odd = SMALL.with(List.of(large));

        assertThat(Objects.requireNonNull(ledger.promise(id("a"), odd, null)).gpus()).isEmpty();
        assertThat(got("b", ids("large"))).containsExactly(large);
    }

    @Test
    void what_runs_already_is_counted_even_beyond_the_total() {
        Gpu gone = nvidia("gone", "NVIDIA T4", 16, true);
        Grant much = new Grant(90, 90, 90, List.of(first, gone));
        ledger.adopt(id("a"), much);
        ledger.adopt(id("a"), much);
        ledger.adopt(id("b"), much);

        assertThat(ledger.allocated()).isEqualTo(new Grant(180, 180, 180, List.of(first, gone)));
        assertThat(ledger.shortage(new Grant(1, 1, 1), any(3)))
                .contains("0 MiB of memory (0 free)")
                .endsWith("3 nvidia GPUs (2 free, 1 unhealthy)");
        ledger.release(id("a"));
        assertThat(got("c", any(1))).containsExactly(second);
        assertThat(ledger.promise(id("a"), SMALL, ids("first"))).isNull();
        ledger.release(id("b"));
        assertThat(got("a", ids("first"))).containsExactly(first);
    }

    @Test
    void busy_gpus_do_not_hold_up_what_needs_none() {
        WaitingLine line = new WaitingLine(ledger, 0);
        ledger.promise(id("running"), SMALL, any(3));
        line.join(id("waits"), SMALL, any(1));
        line.join(id("plain"), SMALL, null);
        line.join(id("another"), SMALL, any(1));

        assertThat(line.admit().keySet()).containsExactly(id("plain"));
        ledger.release(id("running"));
        assertThat(line.admit().keySet()).containsExactly(id("waits"), id("another"));
    }

    @Test
    void who_was_overtaken_often_enough_is_next_to_get_a_gpu() {
        WaitingLine line = new WaitingLine(ledger, 1);
        ledger.promise(id("running"), SMALL, ids("first"));
        line.join(id("all"), SMALL, any(3));
        line.join(id("one"), SMALL, any(1));
        line.join(id("two"), SMALL, any(1));

        assertThat(line.admit().keySet()).containsExactly(id("one"));
        ledger.release(id("one"));
        assertThat(line.admit()).isEmpty();
        ledger.release(id("running"));
        assertThat(line.admit().keySet()).containsExactly(id("all"));
        assertThat(ledger.allocated().gpus()).hasSize(3);
    }

    @Test
    void a_node_has_each_gpu_once() {
        Grant twice = SMALL.with(List.of(first, first));

        assertThatThrownBy(() -> new NodeCapacity(twice, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("first");
    }

    private List<Gpu> got(String id, GpuRequest gpus) {
        Grant grant = ledger.promise(id(id), SMALL, gpus);
        assertThat(grant).isNotNull();
        return Objects.requireNonNull(grant).gpus();
    }

    private static GpuRequest any(int count) {
        return new GpuRequest(GpuVendor.NVIDIA, count, List.of(), null, null);
    }

    private static GpuRequest with(@Nullable String model, @Nullable Long minMemoryBytes) {
        return new GpuRequest(GpuVendor.NVIDIA, 1, List.of(), model, minMemoryBytes);
    }

    private static GpuRequest ids(String... ids) {
        return new GpuRequest(GpuVendor.NVIDIA, ids.length, List.of(ids), null, null);
    }

    private static Gpu nvidia(String id, String model, int gibibytes, boolean healthy) {
        return new Gpu(GpuVendor.NVIDIA, id, model, gibibytes * GIB, null, null, healthy);
    }

    private static ExecutionId id(String value) {
        return new ExecutionId(value);
    }
}
