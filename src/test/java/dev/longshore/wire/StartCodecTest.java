package dev.longshore.wire;

import static dev.longshore.wire.WireFixtures.message;
import static dev.longshore.wire.WireFixtures.utf8;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.EngineSpec;
import dev.longshore.job.ExecutionId;
import dev.longshore.job.ExecutionRequest;
import dev.longshore.job.JobCommand;
import dev.longshore.job.JobId;
import dev.longshore.job.PullPolicy;
import dev.longshore.job.RefusalCode;
import dev.longshore.job.Resources;
import dev.longshore.job.Timeouts;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;

class StartCodecTest {
    private static final CommandCodec CODEC = new CommandCodec();

    @Test
    void the_smallest_job_is_an_image_and_a_command() {
        ExecutionRequest request =
                request(
                        message(
                                "hello-1",
                                "{\"image\":\"busybox\",\"command\":[\"echo\",\"hi\"]}"));

        assertThat(request.executionId()).isEqualTo(new ExecutionId("hello-1"));
        assertThat(request.jobId()).isEqualTo(new JobId("hello-1"));
        assertThat(request.engine()).isEqualTo(EngineSpec.of("busybox", "echo", "hi"));
        assertThat(request.resources()).isEqualTo(Resources.DEFAULTS);
        assertThat(request.timeouts()).isEqualTo(Timeouts.DEFAULTS);
        assertThat(request.traceparent()).isNull();
        assertThat(request.specHash()).matches("[0-9a-f]{64}");
    }

    @Test
    void a_start_reads_back_equal() {
        JobCommand.Start start = WireFixtures.start();

        assertThat(CODEC.start(new Message(null, CODEC.encode(start), List.of()), "t-0-0"))
                .isEqualTo(new Decoded.Command(start));
    }

    @Test
    void any_start_reads_back_equal() {
        Random random = new Random(20260101);
        for (int i = 0; i < 2_000; i++) {
            JobCommand.Start start = new JobCommand.Start(any(random));

            Decoded decoded = CODEC.startBody(CODEC.encode(start));

            assertThat(decoded).as("round %s", i).isEqualTo(new Decoded.Command(start));
        }
    }

    @Test
    void the_execution_id_is_the_value_s_else_the_key_s_else_the_place_s() {
        String bare = "{\"image\":\"a\"}";

        assertThat(
                        request(message("k", "{\"image\":\"a\",\"executionId\":\"k\"}"))
                                .executionId()
                                .value())
                .isEqualTo("k");
        assertThat(request(message("k", bare)).executionId().value()).isEqualTo("k");
        assertThat(request(message(bare)).executionId().value()).isEqualTo("longshore-jobs-3-12");
        assertThat(request(message("", bare)).executionId().value())
                .isEqualTo("longshore-jobs-3-12");
        assertThat(
                        ((Decoded.Command)
                                        CODEC.start(
                                                message(bare),
                                                "_".repeat(100) + "x".repeat(60) + "-1-2"))
                                .command())
                .isInstanceOfSatisfying(
                        JobCommand.Start.class,
                        start ->
                                assertThat(start.request().executionId().value())
                                        .hasSize(64)
                                        .endsWith("x-1-2"));
    }

    @Test
    void a_key_that_differs_or_is_no_id_is_refused() {
        Decoded mismatch =
                CODEC.start(message("k", "{\"image\":\"a\",\"executionId\":\"x\"}"), "t-0-0");
        Decoded invalid = CODEC.start(message("k k", "{\"image\":\"a\"}"), "t-0-0");

        assertThat(malformed(mismatch).refusal().code()).isEqualTo(RefusalCode.KEY_MISMATCH);
        assertThat(malformed(mismatch).executionId()).isNull();
        assertThat(malformed(invalid).refusal().code()).isEqualTo(RefusalCode.INVALID_EXECUTION_ID);
        assertThat(malformed(invalid).refusal().field()).isEqualTo("key");
    }

    @Test
    void a_refusal_says_which_execution_was_meant() {
        assertThat(malformed(CODEC.start(message("k", "{\"image\":1}"), "t-0-0")).executionId())
                .isEqualTo(new ExecutionId("k"));
        assertThat(
                        malformed(
                                        CODEC.start(
                                                message("{\"image\":1,\"executionId\":\"x\"}"),
                                                "t-0-0"))
                                .executionId())
                .isEqualTo(new ExecutionId("x"));
        assertThat(malformed(CODEC.start(message("k", "garbage"), "t-0-0")).executionId())
                .isEqualTo(new ExecutionId("k"));
        assertThat(malformed(CODEC.start(message("{\"image\":1}"), "t-0-0")).executionId())
                .isNull();
    }

    @Test
    void a_body_without_an_id_gets_a_new_one() {
        ExecutionId first = startOf(CODEC.startBody(utf8("{\"image\":\"a\"}"))).executionId();
        ExecutionId second = startOf(CODEC.startBody(utf8("{\"image\":\"a\"}"))).executionId();

        assertThat(first.value())
                .matches("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
        assertThat(second).isNotEqualTo(first).isGreaterThan(first);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    "timeouts":{"run":"1m"}               | "timeouts":{"run":"60s"}
                    "timeouts":{"run":"1h30m"}            | "timeouts":{"run":"PT90M"}
                    "timeouts":{"run":"500ms"}            | "timeouts":{"run":"PT0.5S"}
                    "resources":{"memory":"64MiB"}        | "resources":{"memory":67108864}
                    "resources":{"memory":"0.5GiB"}       | "resources":{"memory":"512MiB"}
                    "resources":{"memory":"64MB"}         | "resources":{"memory":6.4e7}
                    "resources":{"cpu":0.50}              | "resources":{"cpu":5e-1}
                    "stopSignal":"TERM"                   | "stopSignal":15
                    "stopSignal":"SIGTERM"                | "stopSignal":"15"
                    "pullPolicy":"missing"                | "engine":"docker"
                    "type":"start"                        | "command":[]
                    "resources":{}                        | "timeouts":{}
                    "environment":{"A":"1","B":"2"}       | "environment":{"B":"2","A":"1"}
                    "executionId":"a","jobId":"j"         | "executionId":"b","jobId":"j"
                    """)
    void the_same_spec_has_the_same_hash(String one, String other) {
        assertThat(hash(one)).isEqualTo(hash(other));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    "timeouts":{"run":"1m"}               | "timeouts":{"run":"61s"}
                    "resources":{"memory":"64MiB"}        | "resources":{"memory":"64MB"}
                    "command":["a","b"]                   | "command":["b","a"]
                    "command":["a b"]                     | "command":["a","b"]
                    "command":["a"]                       | "entrypoint":["a"]
                    "environment":{"A":"1"}               | "labels":{"A":"1"}
                    "jobId":"a"                           | "jobId":"b"
                    """)
    void another_spec_has_another_hash(String one, String other) {
        assertThat(hash(one)).isNotEqualTo(hash(other));
    }

    @Test
    void the_hash_of_a_known_spec_never_changes() {
        String known =
                hash("\"command\":[\"echo\",\"hi\"],\"jobId\":\"j\",\"timeouts\":{\"run\":\"1m\"}");

        // printf '%s' '{"command":["echo","hi"],"image":"a","jobId":"j","timeouts":{"run":"PT1M"}}'
        // | sha256sum
        assertThat(known)
                .isEqualTo("ab6fb9d3198294b88cace46c845ca22fbdd2d67653bbcb01b47848b3192ac2b8");
    }

    private static String hash(String fields) {
        String key = fields.contains("executionId") ? null : "same";
        return request(message(key, "{\"image\":\"a\"," + fields + "}")).specHash();
    }

    private static ExecutionRequest request(Message message) {
        return startOf(CODEC.start(message, "longshore.jobs-3-12"));
    }

    private static ExecutionRequest startOf(Decoded decoded) {
        assertThat(decoded).isInstanceOf(Decoded.Command.class);
        return ((JobCommand.Start) ((Decoded.Command) decoded).command()).request();
    }

    private static Decoded.Malformed malformed(Decoded decoded) {
        assertThat(decoded).isInstanceOf(Decoded.Malformed.class);
        return (Decoded.Malformed) decoded;
    }

    private static ExecutionRequest any(Random random) {
        JobId job = new JobId(id(random));
        EngineSpec engine =
                new EngineSpec(
                        id(random).toLowerCase(Locale.ROOT).replaceAll("[_-]", "")
                                + ":"
                                + id(random),
                        words(random),
                        words(random),
                        texts(random),
                        maybe(random, () -> "/" + printable(random)),
                        maybe(random, () -> id(random) + ":" + random.nextInt(65536)),
                        List.of(PullPolicy.values()).get(random.nextInt(3)),
                        Map.of("k" + id(random), printable(random)),
                        maybe(random, () -> Signals.name(String.valueOf(1 + random.nextInt(31)))),
                        maybe(
                                random,
                                () -> Duration.ofMillis(1 + random.nextInt(Integer.MAX_VALUE))));
        Resources resources =
                new Resources(
                        maybe(
                                random,
                                () ->
                                        Resources.LEAST_CPU_NANOS
                                                + random.nextInt(Integer.MAX_VALUE)),
                        maybe(
                                random,
                                () -> Resources.LEAST_MEMORY_BYTES + random.nextLong(1L << 50)),
                        maybe(random, () -> 1 + random.nextInt(4_000_000)));
        Timeouts timeouts =
                Timeouts.ofRun(
                        maybe(
                                random,
                                () -> Duration.ofNanos(1_000_000 + random.nextLong(1L << 50))));
        String hash = CommandCodec.specHash(job, engine, resources, timeouts);
        return new ExecutionRequest(
                new ExecutionId(id(random)), job, engine, resources, timeouts, hash, null);
    }

    private static <T> @Nullable T maybe(Random random, Supplier<? extends @Nullable T> value) {
        return random.nextBoolean() ? value.get() : null;
    }

    private static String id(Random random) {
        String alphabet = "abcXYZ019_-";
        StringBuilder id = new StringBuilder("a");
        for (int i = random.nextInt(60); i > 0; i--) {
            id.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return id.toString();
    }

    private static List<String> words(Random random) {
        List<String> words = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            words.add(text(random));
        }
        return words;
    }

    private static Map<String, String> texts(Random random) {
        Map<String, String> texts = new LinkedHashMap<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            texts.put("N" + id(random), text(random));
        }
        return texts;
    }

    private static String printable(Random random) {
        return text(random).replaceAll("[\\x00-\\x1f\\x7f-\\x9f]", "");
    }

    /** Any characters but NUL and halves of pairs. */
    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(20); i > 0; i--) {
            int point =
                    random.nextInt(4) == 0
                            ? 1 + random.nextInt(0x10FFFF)
                            : 1 + random.nextInt(0x17F);
            text.appendCodePoint(point >= 0xD800 && point <= 0xDFFF ? 'x' : point);
        }
        return text.toString();
    }
}
