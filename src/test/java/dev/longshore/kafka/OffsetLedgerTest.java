package dev.longshore.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;

class OffsetLedgerTest {
    @Test
    void nothing_is_committable_before_the_first_record_is_done() {
        OffsetLedger ledger = new OffsetLedger();
        assertThat(ledger.hasCommittable()).isFalse();
        ledger.delivered(7);
        assertThat(ledger.hasCommittable()).isFalse();
        assertThat(ledger.outstanding()).isEqualTo(1);
    }

    @Test
    void a_later_record_that_is_done_waits_for_the_earlier_one() {
        OffsetLedger ledger = new OffsetLedger();
        ledger.delivered(7);
        ledger.delivered(8);
        ledger.done(8);
        assertThat(ledger.hasCommittable()).isFalse();
        ledger.done(7);
        assertThat(ledger.committable()).isEqualTo(9);
        assertThat(ledger.hasCommittable()).isTrue();
    }

    @Test
    void what_was_committed_is_not_committed_again() {
        OffsetLedger ledger = new OffsetLedger();
        ledger.delivered(0);
        ledger.done(0);
        ledger.committed(1);
        assertThat(ledger.hasCommittable()).isFalse();
    }

    @Test
    void an_offset_that_goes_backwards_is_refused() {
        OffsetLedger ledger = new OffsetLedger();
        ledger.delivered(7);
        assertThatIllegalArgumentException().isThrownBy(() -> ledger.delivered(7));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 5, 8, 13, 21, 34, 55, 89})
    void in_any_order_the_committable_offset_is_the_first_in_custody_and_never_goes_back(
            long seed) {
        Random random = new Random(seed);
        OffsetLedger ledger = new OffsetLedger();
        TreeSet<Long> custody = new TreeSet<>();
        long next = random.nextInt(1_000);
        long highest = 0;
        for (int step = 0; step < 2_000; step++) {
            if (custody.isEmpty() || random.nextInt(100) < 55) {
                next += 1 + (random.nextInt(10) == 0 ? random.nextInt(5) : 0);
                ledger.delivered(next);
                custody.add(next);
            } else {
                List<Long> any = new ArrayList<>(custody);
                long picked = any.get(random.nextInt(any.size()));
                ledger.done(picked);
                custody.remove(picked);
                ledger.done(picked);
            }
            long expected = custody.isEmpty() ? next + 1 : custody.first();
            assertThat(ledger.committable()).isEqualTo(expected).isGreaterThanOrEqualTo(highest);
            assertThat(ledger.outstanding()).isEqualTo(custody.size());
            highest = expected;
            if (random.nextInt(20) == 0 && ledger.hasCommittable()) {
                ledger.committed(ledger.committable());
                assertThat(ledger.hasCommittable()).isFalse();
            }
        }
    }
}
