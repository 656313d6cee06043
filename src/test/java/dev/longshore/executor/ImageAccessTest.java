package dev.longshore.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.docker.DockerFailure;
import dev.longshore.docker.ImageView;
import dev.longshore.docker.PullRequest;
import dev.longshore.job.PullPolicy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** Who may use an image that another's credential has brought here. */
class ImageAccessTest extends ExecutorFixture {
    private static final String IMAGE = "reg:5000/team/app:1";
    private static final String DIGEST = "reg:5000/team/app@sha256:" + "b".repeat(64);

    private final AtomicLong nanos = new AtomicLong();
    private Pulls pulls;

    ImageAccessTest(Vertx vertx) {
        super(vertx);
        pulls = pulls(Set.of("reg:5000"));
    }

    @BeforeEach
    void fill() {
        docker.image(IMAGE, view("sha256:abc")).registryHas(IMAGE, "team");
    }

    @Test
    void a_private_image_that_is_here_is_denied_to_who_could_not_fetch_it() {
        assertThat(image(IMAGE, "team", PullPolicy.MISSING).id()).isEqualTo("sha256:abc");

        for (PullPolicy policy : List.of(PullPolicy.MISSING, PullPolicy.NEVER)) {
            assertThatThrownBy(() -> image(IMAGE, "other", policy))
                    .isInstanceOf(DockerFailure.ImageDenied.class);
            assertThatThrownBy(() -> image(IMAGE, null, policy))
                    .isInstanceOf(DockerFailure.ImageDenied.class);
        }
        assertThat(calls()).doesNotContain("pull");
    }

    @Test
    void a_yes_holds_for_ten_minutes_and_a_no_for_none() {
        image(IMAGE, "team", PullPolicy.MISSING);
        image(IMAGE, "team", PullPolicy.NEVER);
        assertThat(checks()).isEqualTo(1);

        nanos.addAndGet(ImageAccess.HOLDS.toNanos());
        image(IMAGE, "team", PullPolicy.MISSING);
        assertThat(checks()).isEqualTo(2);

        assertThatThrownBy(() -> image(IMAGE, "other", PullPolicy.MISSING));
        docker.registryHas(IMAGE, "other");
        image(IMAGE, "other", PullPolicy.MISSING);
    }

    @Test
    void those_who_ask_at_once_share_an_answer() {
        Future<ImageView> both =
                start(
                        () -> {
                            Future<ImageView> first = asked(IMAGE, "team", PullPolicy.MISSING);
                            return asked(IMAGE, "team", PullPolicy.MISSING)
                                    .compose(second -> first);
                        });
        await(both);

        assertThat(checks()).isEqualTo(1);
    }

    @Test
    void who_has_fetched_it_is_not_asked_again() {
        image(IMAGE, "team", PullPolicy.ALWAYS);
        image(IMAGE, "team", PullPolicy.MISSING);

        assertThat(calls()).contains("pull").doesNotContain("checkAccess");
    }

    @Test
    void an_image_that_is_named_by_its_id_is_no_less_private() {
        docker.image("abc", view("sha256:abc")).registryHas(DIGEST, "team");

        assertThatThrownBy(() -> image("abc", null, PullPolicy.NEVER))
                .isInstanceOf(DockerFailure.ImageDenied.class);
    }

    @Test
    void what_is_of_another_registry_is_given_to_everybody() {
        image("busybox", null, PullPolicy.MISSING);
        pulls = pulls(Set.of());
        image(IMAGE, "other", PullPolicy.MISSING);

        assertThat(calls()).doesNotContain("checkAccess");
    }

    @Test
    void a_registry_that_cannot_be_asked_gives_nothing() {
        docker.failNext("checkAccess", new DockerFailure.PullFailed("the registry is away"));

        assertThatThrownBy(() -> image(IMAGE, "team", PullPolicy.MISSING))
                .isInstanceOf(DockerFailure.PullFailed.class);
    }

    private ImageView image(String reference, @Nullable String credential, PullPolicy policy) {
        return call(() -> asked(reference, credential, policy));
    }

    private Future<ImageView> asked(
            String reference, @Nullable String credential, PullPolicy policy) {
        return pulls.image(new PullRequest(reference, null, credential), policy, progress -> {});
    }

    private long checks() {
        return calls().stream().filter("checkAccess"::equals).count();
    }

    private Pulls pulls(Set<String> registries) {
        Timers real = Timers.of(vertx);
        Timers timers =
                new Timers() {
                    @Override
                    public Timer after(Duration delay, Runnable task) {
                        return real.after(delay, task);
                    }

                    @Override
                    public Instant now() {
                        return real.now();
                    }

                    @Override
                    public long nanoTime() {
                        return nanos.get();
                    }
                };
        return new Pulls(docker, new PullRules(3, registries), timers);
    }

    private static ImageView view(String id) {
        return new ImageView(id, List.of(DIGEST), List.of(), List.of("sh"), 1);
    }
}
