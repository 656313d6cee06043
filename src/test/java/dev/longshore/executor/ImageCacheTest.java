package dev.longshore.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.docker.ContainerSpec;
import dev.longshore.docker.ImageSummary;
import dev.longshore.job.EngineSpec;
import dev.longshore.job.Grant;

import io.vertx.core.Future;
import io.vertx.core.Vertx;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.LongUnaryOperator;

/** Room is made by what was not used for longest, and by nothing else. */
class ImageCacheTest extends ExecutorFixture {
    private static final long GIB = 1L << 30;
    private static final Instant DAY = Instant.parse("2026-01-02T00:00:00Z");

    ImageCacheTest(Vertx vertx) {
        super(vertx);
        docker.image("old:1").image("older:1").image("kept:1").image("strange:1").image("used:1");
    }

    @Test
    void removes_the_least_recently_used_until_there_is_room() {
        ImageCache cache = cache(removed -> removed == 0 ? GIB : 10 * GIB);

        assertThat(call(cache::clean)).isEqualTo(1);
        assertThat(tags()).doesNotContain("older:1").contains("old:1", "kept:1", "strange:1");
    }

    @Test
    void never_removes_what_is_in_use_or_kept_or_new_or_of_somebody_else() {
        call(
                () ->
                        docker.create(
                                new ContainerSpec(
                                        "c",
                                        EngineSpec.of("used:1"),
                                        new Grant(0, 0, 0),
                                        Map.of())));
        ImageCache cache = cache(removed -> GIB);
        cache.used("busybox", Instant.now());

        assertThat(call(cache::clean)).isEqualTo(2);
        assertThat(tags())
                .contains("kept:1", "strange:1", "used:1")
                .doesNotContain("old:1", "older:1");
        assertThat(tags()).anyMatch(tag -> tag.startsWith("busybox"));
    }

    @Test
    void does_nothing_while_there_is_room() {
        ImageCache cache = cache(removed -> 6 * GIB);

        assertThat(call(cache::clean)).isZero();
        assertThat(calls()).doesNotContain("removeImage");
    }

    /**
     * @param free bytes that are free after so many removals
     */
    private ImageCache cache(LongUnaryOperator free) {
        DiskRules rules =
                new DiskRules(
                        0, 0, 5 * GIB, Duration.ofHours(1), List.of("docker.io/library/kept"));
        Berth berth = berth(ExecutorSettings.defaults(node("node-1")).withDisk(rules));
        ImageCache cache =
                new ImageCache(
                        berth,
                        () ->
                                Future.succeededFuture(
                                        free.applyAsLong(
                                                calls().stream()
                                                        .filter("removeImage"::equals)
                                                        .count())));
        cache.used("old:1", DAY.plusSeconds(60));
        cache.used("older:1", DAY);
        cache.used("kept:1", DAY.minusSeconds(60));
        cache.used("used:1", DAY.plusSeconds(120));
        return cache;
    }

    private List<String> tags() {
        return call(docker::images).stream()
                .map(ImageSummary::repoTags)
                .flatMap(List::stream)
                .toList();
    }
}
