package dev.longshore.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A context that is stuck is not alive, and is again when it goes on. */
@ExtendWith(VertxExtension.class)
class PulseTest {
    private static final Duration STUCK = Duration.ofSeconds(3);

    private final Pulse pulse = new Pulse(STUCK);

    @Test
    void is_well_before_there_is_anything_to_feel() {
        assertThat(pulse.check().up()).isTrue();
        assertThat(pulse.check().vital()).isTrue();
    }

    @Test
    void a_context_that_is_blocked_is_told_of_until_it_goes_on(Vertx vertx) throws Exception {
        CountDownLatch free = new CountDownLatch(1);
        Context context = vertx.getOrCreateContext();
        context.runOnContext(
                felt -> {
                    pulse.of(context);
                    context.runOnContext(blocked -> await(free));
                });
        until(false);
        assertThat(pulse.check().detail()).contains("has not had its turn");
        free.countDown();
        until(true);
    }

    private void until(boolean up) throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (pulse.check().up() != up) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            assertThat(never.await(50, TimeUnit.MILLISECONDS)).isFalse();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
