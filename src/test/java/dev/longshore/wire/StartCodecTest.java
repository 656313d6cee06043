package dev.longshore.wire;

import static dev.longshore.wire.WireFixtures.message;
import static dev.longshore.wire.WireFixtures.utf8;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.EngineSpec;
import dev.longshore.job.ExecutionId;
import dev.longshore.job.ExecutionRequest;
import dev.longshore.job.JobCommand;
import dev.longshore.job.JobId;
import dev.longshore.job.RefusalCode;
import dev.longshore.job.Resources;
import dev.longshore.job.SecretUse;
import dev.longshore.job.Timeouts;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Random;

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
            JobCommand.Start start = new JobCommand.Start(AnyStart.of(random));

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
    void a_start_expires_at_the_earlier_of_what_its_field_and_its_header_say() {
        String own = "{\"image\":\"a\",\"expiresAt\":\"2027-01-31T18:00:00.5+01:00\"}";

        assertThat(request(message(own)).expiresAt()).isEqualTo("2027-01-31T17:00:00.500Z");
        assertThat(request(message("{\"image\":\"a\"}")).expiresAt()).isNull();
        assertThat(request(expiring("{\"image\":\"a\"}", "2027-01-31T18:00:00Z")).expiresAt())
                .isEqualTo("2027-01-31T18:00:00Z");
        assertThat(request(expiring(own, "2027-01-31T18:00:00Z")).expiresAt())
                .isEqualTo("2027-01-31T17:00:00.500Z");
        assertThat(request(expiring(own, "2027-01-30T00:00:00Z")).expiresAt())
                .isEqualTo("2027-01-30T00:00:00Z");
    }

    @Test
    void the_same_start_that_expires_at_another_time_is_the_same_start() {
        ExecutionRequest plain = request(message("{\"image\":\"a\"}"));
        ExecutionRequest other = request(expiring("{\"image\":\"a\"}", "2027-01-31T18:00:00Z"));

        assertThat(other.specHash()).isEqualTo(plain.specHash());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tomorrow",
                "2027-01-31",
                "2027-01-31T18:00:00",
                "2027-02-30T18:00:00Z",
                "2027-01-31 18:00:00Z",
                ""
            })
    void a_time_that_is_none_is_refused_in_the_field_and_in_the_header(String time) {
        Decoded field =
                CODEC.start(message("{\"image\":\"a\",\"expiresAt\":\"" + time + "\"}"), "t-0-0");
        Decoded header = CODEC.start(expiring("{\"image\":\"a\"}", time), "t-0-0");

        assertThat(malformed(field).refusal().code()).isEqualTo(RefusalCode.INVALID_TIMEOUT);
        assertThat(malformed(field).refusal().field()).isEqualTo("/expiresAt");
        assertThat(malformed(header).refusal().code()).isEqualTo(RefusalCode.INVALID_TIMEOUT);
    }

    @Test
    void secrets_are_named_and_what_they_are_is_no_part_of_a_start() {
        ExecutionRequest request =
                request(
                        message(
                                "{\"image\":\"a\",\"secrets\":[{\"name\":\"db\",\"environment\":\"DB\"},"
                                    + "{\"name\":\"tls\",\"target\":\"/run/secrets/tls\"}]}"));

        assertThat(request.files().secrets())
                .containsExactly(
                        new SecretUse.Variable("db", "DB"),
                        new SecretUse.File("tls", "/run/secrets/tls", 0400));
    }

    private static Message expiring(String json, String time) {
        return new Message(null, utf8(json), List.of(Header.of("expires-at", time)));
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
                    "timeouts":{"queue":"1h","pull":"2m"} | "timeouts":{"pull":"120s","queue":"60m"}
                    "init":true,"tty":false               | "readOnlyRootfs":false
                    "network":"none","ports":[]           | "capabilities":[],"tmpfs":{}
                    "capabilities":["CHOWN","KILL"]       | "capabilities":["cap_kill","CAP_CHOWN","Kill"]
                    "shmSize":"64MiB"                     | "shmSize":67108864
                    "tmpfs":{"/a":"1KiB","/b":1}          | "tmpfs":{"/b":1,"/a":1024}
                    "ulimits":{"nofile":9}                | "ulimits":{"nofile":{"soft":9,"hard":9}}
                    "network":"b","ports":[{"container":8}] | "network":"b","ports":[{"container":8,"host":0,"protocol":"tcp","hostIp":"127.0.0.1"}]
                    "dns":["2001:DB8:0:0::1"]             | "dns":["2001:db8::1"]
                    "dns":["::ffff:10.0.0.2"]             | "dns":["10.0.0.2"]
                    "extraHosts":["a:0:0:0:0:0:0:0:1"]    | "extraHosts":["a:::1"]
                    "resources":{"gpus":{"vendor":"amd"}} | "resources":{"gpus":{"vendor":"amd","count":1}}
                    "resources":{"gpus":{"vendor":"amd","ids":["a","b"]}} | "resources":{"gpus":{"vendor":"amd","ids":["a","b"],"count":2}}
                    "privileged":false,"devices":[]       | "hostNamespaces":[],"securityOptions":[]
                    "devices":["/dev/a"]                  | "devices":["/dev/a:/dev/a:mwr"]
                    "hostNamespaces":["pid","ipc"]        | "hostNamespaces":["ipc","pid"]
                    "inputs":[],"outputs":[]              | "provision":[],"retry":{}
                    "inputs":[{"type":"bind","source":"/s","target":"/t"}]      | "inputs":[{"type":"bind","source":"/s","target":"/t","readOnly":true}]
                    "inputs":[{"type":"inline","target":"/t","content":"hi"}]   | "inputs":[{"type":"inline","target":"/t","contentBase64":"aGk=","mode":"0644"}]
                    "retry":{"maxAttempts":1}             | "retry":{"backoff":"PT5S","on":["image_pull_failed","infra_lost"]}
                    "retry":{"on":["oom_killed","log_limit"]} | "retry":{"on":["log_limit","oom_killed","log_limit"]}
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
                    "timeouts":{"queue":"1m"}             | "timeouts":{"pull":"1m"}
                    "platform":"linux/amd64"              | "platform":"linux/arm64"
                    "registryAuth":"a"                    | "registryAuth":"b"
                    "init":false                          | "init":true
                    "tty":true                            | "readOnlyRootfs":true
                    "capabilities":["CHOWN"]              | "capabilities":["KILL"]
                    "network":"bridge"                    | "network":"none"
                    "dns":["10.0.0.2"]                    | "dns":["10.0.0.3"]
                    "extraHosts":["a:::1"]                | "extraHosts":["b:::1"]
                    "shmSize":1                           | "shmSize":2
                    "tmpfs":{"/a":1}                      | "tmpfs":{"/b":1}
                    "ulimits":{"nofile":1}                | "ulimits":{"nproc":1}
                    "network":"b","ports":[{"container":8}] | "network":"b","ports":[{"container":8,"protocol":"udp"}]
                    "resources":{"gpus":{"vendor":"amd"}} | "resources":{"gpus":{"vendor":"intel"}}
                    "privileged":true                     | "privileged":false
                    "devices":["/dev/a"]                  | "devices":["/dev/a:/dev/a:r"]
                    "runtime":"runc"                      | "runtime":"runsc"
                    "securityOptions":["a=b"]             | "securityOptions":["a=c"]
                    "hostNamespaces":["pid"]              | "hostNamespaces":["ipc"]
                    "inputs":[{"type":"bind","source":"/s","target":"/t"}]      | "inputs":[{"type":"bind","source":"/s","target":"/t","readOnly":false}]
                    "inputs":[{"type":"inline","target":"/t","content":"a"}]    | "inputs":[{"type":"inline","target":"/t","content":"b"}]
                    "inputs":[{"type":"inline","target":"/t","content":"a"}]    | "inputs":[{"type":"inline","target":"/t","content":"a","mode":"0600"}]
                    "outputs":[{"name":"a","target":"/t"}]                      | "outputs":[{"name":"b","target":"/t"}]
                    "provision":[{"name":"a","script":"#!/a"}]                  | "provision":[{"name":"a","script":"#!/b"}]
                    "retry":{"maxAttempts":2}             | "retry":{"maxAttempts":3}
                    "retry":{"on":["oom_killed"]}         | "retry":{"on":["log_limit"]}
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
}
