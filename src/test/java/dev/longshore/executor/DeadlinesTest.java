package dev.longshore.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.EngineSpec;
import dev.longshore.job.ExecutionId;
import dev.longshore.job.ExecutionRequest;
import dev.longshore.job.JobId;
import dev.longshore.job.Reason;
import dev.longshore.job.Resources;
import dev.longshore.job.Timeouts;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;

class DeadlinesTest {
    private static final Instant ASKED = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);

    @Test
    void a_command_is_too_late_from_the_moment_on_at_which_it_expires() {
        Deadlines deadlines = new Deadlines(ASKED, ASKED.plusSeconds(60), HOUR, null);

        assertThat(deadlines.missed(ASKED.plusSeconds(59))).isNull();
        assertThat(deadlines.missed(ASKED.plusSeconds(60)))
                .isEqualTo(
                        new StopOrder(
                                Reason.TIMED_OUT_QUEUE,
                                "the command expired in its topic, at 2026-01-01T00:01:00Z"));
    }

    @Test
    void the_time_in_the_topic_counts_as_waiting() {
        Deadlines deadlines = new Deadlines(ASKED, null, HOUR, null);

        assertThat(deadlines.firstWait(ASKED.plusSeconds(600)).left())
                .isEqualTo(Duration.ofMinutes(50));
        assertThat(deadlines.missed(ASKED.plusSeconds(3599))).isNull();
        assertThat(reason(deadlines.missed(ASKED.plusSeconds(3600))))
                .isEqualTo(Reason.TIMED_OUT_QUEUE);
    }

    @Test
    void the_first_wait_ends_where_the_command_expires_if_that_is_earlier() {
        Deadlines deadlines = new Deadlines(ASKED, ASKED.plusSeconds(60), HOUR, null);

        Deadlines.Limit wait = deadlines.firstWait(ASKED.plusSeconds(10));

        assertThat(wait.left()).isEqualTo(Duration.ofSeconds(50));
        assertThat(wait.order().message()).contains("expired while it waited for capacity");
        assertThat(
                        new Deadlines(ASKED, ASKED.plus(HOUR), HOUR, null)
                                .firstWait(ASKED)
                                .order()
                                .message())
                .startsWith("no capacity within");
    }

    @Test
    void a_further_attempt_waits_anew_and_does_not_expire() {
        Deadlines deadlines = new Deadlines(ASKED, ASKED.plusSeconds(60), HOUR, null);
        Instant later = ASKED.plus(Duration.ofDays(1));

        assertThat(deadlines.wait(later, later.plusSeconds(60)).left())
                .isEqualTo(Duration.ofMinutes(59));
    }

    @Test
    void the_whole_time_counts_from_the_commands_record() {
        Deadlines deadlines = new Deadlines(ASKED, null, HOUR, Duration.ofMinutes(10));

        assertThat(deadlines.whole(ASKED.plusSeconds(60)))
                .extracting(Deadlines.Limit::left)
                .isEqualTo(Duration.ofMinutes(9));
        assertThat(reason(deadlines.missed(ASKED.plusSeconds(600))))
                .isEqualTo(Reason.TIMED_OUT_TOTAL);
        assertThat(new Deadlines(ASKED, null, HOUR, null).whole(ASKED)).isNull();
    }

    @Test
    void what_a_record_says_of_its_time_is_believed_unless_it_cannot_be() {
        Instant now = ASKED.plusSeconds(5);

        assertThat(order(ASKED).askedAt(now)).isEqualTo(ASKED);
        assertThat(order(null).askedAt(now)).isEqualTo(now);
        assertThat(order(Instant.ofEpochMilli(-1)).askedAt(now)).isEqualTo(now);
        assertThat(order(now.plusSeconds(3)).askedAt(now)).isEqualTo(now);
    }

    private static @Nullable Reason reason(@Nullable StopOrder order) {
        return order == null ? null : order.reason();
    }

    private static Order order(@Nullable Instant writtenAt) {
        ExecutionRequest request =
                new ExecutionRequest(
                        new ExecutionId("e1"),
                        new JobId("job"),
                        EngineSpec.of("busybox"),
                        Resources.DEFAULTS,
                        Timeouts.DEFAULTS,
                        "hash",
                        null);
        return new Order(request, null, writtenAt);
    }
}
