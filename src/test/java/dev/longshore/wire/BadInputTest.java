package dev.longshore.wire;

import static dev.longshore.wire.WireFixtures.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.Refusal;
import dev.longshore.job.RefusalCode;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.util.List;

@DisplayName("Whatever a stranger sends, the refusal names the field and the rule")
class BadInputTest {
    private static final CommandCodec CODEC = new CommandCodec();

    @ParameterizedTest(name = "{0} -> {1} {2}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    not json                                          | MALFORMED_JSON | ``
                    {"image":"a"                                      | MALFORMED_JSON | ``
                    {'image':'a'}                                     | MALFORMED_JSON | ``
                    {"image":"a",}                                    | MALFORMED_JSON | ``
                    {"image":"a"}}                                    | MALFORMED_JSON | ``
                    {"image":"a"} {"image":"a"}                       | MALFORMED_JSON | ``
                    {"image":"a","resources":{"memory":NaN}}          | MALFORMED_JSON | ``
                    {"image":"\\ud800"}                               | MALFORMED_JSON | /image
                    []                                                | NOT_AN_OBJECT | ``
                    "x"                                               | NOT_AN_OBJECT | ``
                    42                                                | NOT_AN_OBJECT | ``
                    null                                              | NOT_AN_OBJECT | ``
                    {"image":"a","image":"b"}                         | DUPLICATE_KEY | /image
                    {"image":"a","resources":{"cpu":1,"cpu":2}}       | DUPLICATE_KEY | /resources/cpu
                    {"type":"lunch","image":"a"}                      | UNKNOWN_COMMAND | /type
                    {"type":7,"image":"a"}                            | UNKNOWN_COMMAND | /type
                    {"type":"cancel","executionId":"a"}               | UNKNOWN_COMMAND | /type
                    {"image":"a","schemaVersion":99}                  | UNKNOWN_FIELD | /schemaVersion
                    {"imge":"a"}                                      | UNKNOWN_FIELD | /imge
                    {"image":"a","memory":"64MiB"}                    | UNKNOWN_FIELD | /memory
                    {"image":"a","resources":{"memroy":1}}            | UNKNOWN_FIELD | /resources/memroy
                    {"image":"a","timeouts":{"que":"1h"}}             | UNKNOWN_FIELD | /timeouts/que
                    {"image":"a","outputs":[{"name":"../x","target":"/o"}]} | INVALID_OUTPUT_NAME | /outputs/0/name
                    {"image":"a","provsion":[]}                       | UNKNOWN_FIELD | /provsion
                    {"image":"a","":1}                                | UNKNOWN_FIELD | /
                    {"image":"a","a/b~c":1}                           | UNKNOWN_FIELD | /a~1b~0c
                    {}                                                | MISSING_FIELD | /image
                    {"image":"a","executionId":""}                    | INVALID_EXECUTION_ID | /executionId
                    {"image":"a","executionId":null}                  | INVALID_EXECUTION_ID | /executionId
                    {"image":"a","executionId":7}                     | INVALID_EXECUTION_ID | /executionId
                    {"image":"a","executionId":"../../etc/cron.d/x"}  | INVALID_EXECUTION_ID | /executionId
                    {"image":"a","executionId":"a\\u0000b"}           | INVALID_EXECUTION_ID | /executionId
                    {"image":"a","executionId":"a\\nb"}               | INVALID_EXECUTION_ID | /executionId
                    {"image":"a","executionId":"a\\n"}                | INVALID_EXECUTION_ID | /executionId
                    {"image":"a","executionId":"a b"}                 | INVALID_EXECUTION_ID | /executionId
                    {"image":"a","executionId":"\\u0430bc"}           | INVALID_EXECUTION_ID | /executionId
                    {"image":"a","executionId":"."}                   | INVALID_EXECUTION_ID | /executionId
                    {"image":"a","executionId":".."}                  | INVALID_EXECUTION_ID | /executionId
                    {"image":"a","executionId":"-rf"}                 | INVALID_EXECUTION_ID | /executionId
                    {"image":"a","jobId":"a b"}                       | INVALID_EXECUTION_ID | /jobId
                    {"image":null}                                    | INVALID_IMAGE | /image
                    {"image":""}                                      | INVALID_IMAGE | /image
                    {"image":["a"]}                                   | INVALID_IMAGE | /image
                    {"image":"UPPER/x"}                               | INVALID_IMAGE | /image
                    {"image":"evil.example/x@sha256:short"}           | INVALID_IMAGE | /image
                    {"image":"https://evil.example/x"}                | INVALID_IMAGE | /image
                    {"image":"a b"}                                   | INVALID_IMAGE | /image
                    {"image":"--privileged"}                          | INVALID_IMAGE | /image
                    {"image":"a","command":"echo hi"}                 | INVALID_COMMAND | /command
                    {"image":"a","command":["a",1]}                   | INVALID_COMMAND | /command/1
                    {"image":"a","command":[null]}                    | INVALID_COMMAND | /command/0
                    {"image":"a","command":["a\\u0000"]}              | INVALID_COMMAND | /command/0
                    {"image":"a","entrypoint":"sh"}                   | INVALID_COMMAND | /entrypoint
                    {"image":"a","environment":["NOEQ"]}              | INVALID_ENV | /environment
                    {"image":"a","environment":{"":"x"}}              | INVALID_ENV | /environment/
                    {"image":"a","environment":{"A=B":"x"}}           | INVALID_ENV | /environment/A=B
                    {"image":"a","environment":{"A\\u0000":"x"}}      | INVALID_ENV | /environment/A\\u0000
                    {"image":"a","environment":{"A\\nB":"x"}}         | INVALID_ENV | /environment/A\\nB
                    {"image":"a","environment":{"A":"x\\u0000"}}      | INVALID_ENV | /environment/A
                    {"image":"a","environment":{"A":1}}               | INVALID_ENV | /environment/A
                    {"image":"a","labels":{"dev.longshore.node":"x"}} | RESERVED_LABEL | /labels/dev.longshore.node
                    {"image":"a","labels":{"com.docker.x":"x"}}       | RESERVED_LABEL | /labels/com.docker.x
                    {"image":"a","labels":{"a":"x\\ny"}}              | INVALID_LABEL | /labels/a
                    {"image":"a","labels":{"a\\nb":"x"}}              | INVALID_LABEL | /labels/a\\nb
                    {"image":"a","labels":{"a":null}}                 | INVALID_LABEL | /labels/a
                    {"image":"a","resources":7}                       | INVALID_RESOURCES | /resources
                    {"image":"a","resources":{"memory":-1}}           | INVALID_RESOURCES | /resources/memory
                    {"image":"a","resources":{"memory":0}}            | INVALID_RESOURCES | /resources/memory
                    {"image":"a","resources":{"memory":1}}            | INVALID_RESOURCES | /resources/memory
                    {"image":"a","resources":{"memory":"1"}}          | INVALID_RESOURCES | /resources/memory
                    {"image":"a","resources":{"memory":1e30}}         | INVALID_RESOURCES | /resources/memory
                    {"image":"a","resources":{"memory":1e999999999}}  | INVALID_RESOURCES | /resources/memory
                    {"image":"a","resources":{"memory":99999999999999999999}} | INVALID_RESOURCES | /resources/memory
                    {"image":"a","resources":{"memory":"9999999999GiB"}}      | INVALID_RESOURCES | /resources/memory
                    {"image":"a","resources":{"memory":"1g"}}         | INVALID_RESOURCES | /resources/memory
                    {"image":"a","resources":{"memory":"-64MiB"}}     | INVALID_RESOURCES | /resources/memory
                    {"image":"a","resources":{"cpu":0}}               | INVALID_RESOURCES | /resources/cpu
                    {"image":"a","resources":{"cpu":1e9}}             | INVALID_RESOURCES | /resources/cpu
                    {"image":"a","resources":{"cpu":1e-999999999}}    | INVALID_RESOURCES | /resources/cpu
                    {"image":"a","resources":{"cpu":"1"}}             | INVALID_RESOURCES | /resources/cpu
                    {"image":"a","resources":{"pids":0}}              | INVALID_RESOURCES | /resources/pids
                    {"image":"a","resources":{"pids":1.5}}            | INVALID_RESOURCES | /resources/pids
                    {"image":"a","resources":{"pids":4294967296}}     | INVALID_RESOURCES | /resources/pids
                    {"image":"a","timeouts":{"run":-5}}               | INVALID_TIMEOUT | /timeouts/run
                    {"image":"a","timeouts":{"run":"-5s"}}            | INVALID_TIMEOUT | /timeouts/run
                    {"image":"a","timeouts":{"run":0}}                | INVALID_TIMEOUT | /timeouts/run
                    {"image":"a","timeouts":{"run":"0s"}}             | INVALID_TIMEOUT | /timeouts/run
                    {"image":"a","timeouts":{"run":"PT-1S"}}          | INVALID_TIMEOUT | /timeouts/run
                    {"image":"a","timeouts":{"run":"367d"}}           | INVALID_TIMEOUT | /timeouts/run
                    {"image":"a","timeouts":{"run":"P367D"}}          | INVALID_TIMEOUT | /timeouts/run
                    {"image":"a","timeouts":{"run":"9223372036854775807s"}}   | INVALID_TIMEOUT | /timeouts/run
                    {"image":"a","timeouts":{"run":"PT9223372036854775807H"}} | INVALID_TIMEOUT | /timeouts/run
                    {"image":"a","timeouts":{"run":9223372036854775807}}      | INVALID_TIMEOUT | /timeouts/run
                    {"image":"a","stopGrace":"soon"}                  | INVALID_TIMEOUT | /stopGrace
                    {"image":"a","stopSignal":"SIGFOO"}               | INVALID_FIELD | /stopSignal
                    {"image":"a","stopSignal":0}                      | INVALID_FIELD | /stopSignal
                    {"image":"a","workingDirectory":"app"}            | INVALID_FIELD | /workingDirectory
                    {"image":"a","workingDirectory":"/a\\u0000"}      | INVALID_FIELD | /workingDirectory
                    {"image":"a","user":"root:"}                      | INVALID_FIELD | /user
                    {"image":"a","user":"a b"}                        | INVALID_FIELD | /user
                    {"image":"a","pullPolicy":"Always"}               | INVALID_FIELD | /pullPolicy
                    {"image":"a","engine":"podman"}                   | INVALID_FIELD | /engine
                    {"image":"a","capAdd":["SYS_ADMIN"]}              | NOT_PERMITTED | /capAdd
                    {"image":"a","cap_add":["SYS_ADMIN"]}             | NOT_PERMITTED | /cap_add
                    {"image":"a","pid":"host"}                        | NOT_PERMITTED | /pid
                    {"image":"a","securityOpt":["seccomp=unconfined"]}| NOT_PERMITTED | /securityOpt
                    {"image":"a","volumes":["/:/host"]}               | NOT_PERMITTED | /volumes
                    {"image":"a","resources":{"devices":[]}}          | NOT_PERMITTED | /resources/devices
                    """)
    void a_bad_start_is_refused(String json, RefusalCode code, String field) {
        Refusal refusal = refused(CODEC.start(message(json), "t-0-0"));

        assertThat(refusal.code()).as(refusal.message()).isEqualTo(code);
        assertThat(refusal.field()).isEqualTo(field);
        assertThat(refusal.message()).startsWith(field);
    }

    @Test
    void nothing_at_all_is_an_empty_message() {
        assertThat(refused(CODEC.start(new Message(null, null, List.of()), "t-0-0")).code())
                .isEqualTo(RefusalCode.EMPTY_MESSAGE);
        assertThat(codeOf("")).isEqualTo(RefusalCode.EMPTY_MESSAGE);
        assertThat(codeOf(" \n")).isEqualTo(RefusalCode.EMPTY_MESSAGE);
    }

    @Test
    void malformed_json_is_located() {
        assertThat(refused(CODEC.start(message("{\n \"image\": x}"), "t-0-0")).message())
                .contains("line 2, column 11");
    }

    @Test
    void depth_is_bounded_without_a_stack_overflow() {
        assertThat(codeOf("[".repeat(100_000))).isEqualTo(RefusalCode.TOO_DEEP);
        assertThat(codeOf("{\"a\":".repeat(100_000))).isEqualTo(RefusalCode.TOO_DEEP);
        assertThat(codeOf("{\"a\":" + "[".repeat(49) + "]".repeat(49) + "}"))
                .isEqualTo(RefusalCode.UNKNOWN_FIELD);
    }

    @Test
    void size_is_bounded() {
        String large = "x".repeat(5 << 20);

        assertThat(codeOf("{\"image\":\"a\",\"environment\":{\"A\":\"" + large + "\"}}"))
                .isEqualTo(RefusalCode.TOO_LARGE);
        assertThat(codeOf("{\"image\":\"" + "x".repeat(5000) + "\"}"))
                .isEqualTo(RefusalCode.INVALID_IMAGE);
        assertThat(codeOf("{\"image\":\"a\",\"executionId\":\"" + "x".repeat(65) + "\"}"))
                .isEqualTo(RefusalCode.INVALID_EXECUTION_ID);
        assertThat(codeOf("{\"image\":\"a\",\"resources\":{\"cpu\":" + "9".repeat(1000) + "}}"))
                .isEqualTo(RefusalCode.TOO_LARGE);
        assertThat(codeOf("{\"image\":\"a\",\"command\":[" + "\"a\",".repeat(10_000) + "\"a\"]}"))
                .isEqualTo(RefusalCode.INVALID_COMMAND);
        assertThat(codeOf("{\"image\":\"a\",\"command\":[\"" + "x".repeat(128 << 10) + "\"]}"))
                .isEqualTo(RefusalCode.INVALID_COMMAND);
        assertThat(codeOf("{\"image\":\"a\",\"command\":[\"" + "é".repeat(70_000) + "\"]}"))
                .isEqualTo(RefusalCode.INVALID_COMMAND);
        String word = '"' + "x".repeat(120 << 10) + '"';
        assertThat(codeOf("{\"image\":\"a\",\"command\":[" + (word + ",").repeat(4) + word + "]}"))
                .isEqualTo(RefusalCode.INVALID_COMMAND);
        assertThat(
                        codeOf(
                                "{\"image\":\"a\",\"environment\":{\"A\":\""
                                        + "x".repeat(128 << 10)
                                        + "\"}}"))
                .isEqualTo(RefusalCode.INVALID_ENV);
        assertThat(codeOf("{\"image\":\"a\",\"labels\":{\"a\":\"" + "x".repeat(1_000_000) + "\"}}"))
                .isEqualTo(RefusalCode.INVALID_LABEL);
    }

    @Test
    void other_encodings_are_refused_and_a_byte_order_mark_is_passed_over() {
        String json = "{\"image\":\"a\"}";

        assertThat(codeOf(json.getBytes(StandardCharsets.UTF_16)))
                .isEqualTo(RefusalCode.MALFORMED_JSON);
        assertThat(codeOf(json.getBytes(StandardCharsets.UTF_16LE)))
                .isEqualTo(RefusalCode.MALFORMED_JSON);
        assertThat(codeOf(new byte[] {'{', '"', (byte) 0xC3, '"', '}'}))
                .isEqualTo(RefusalCode.MALFORMED_JSON);
        assertThat(CODEC.start(message("\uFEFF" + json), "t-0-0"))
                .isInstanceOf(Decoded.Command.class);
    }

    @Test
    void messages_are_short_and_harmless() {
        String evil = "\u001b[2J\u009b\u202e\u2028\ud83d\ude00".repeat(1000);
        for (String field :
                List.of(
                        "image",
                        "executionId",
                        "user",
                        "stopGrace",
                        "engine",
                        "pullPolicy",
                        "type",
                        "x" + evil)) {
            String json = "{\"image\":\"a\",\"" + field + "\":\"" + evil + "\"}";
            String escaped =
                    json.replace("\u001b", "\\u001b")
                            .replace("{\"image\":\"a\",\"image\"", "{\"image\"");
            String message = refused(CODEC.start(message(escaped), "t-0-0")).message();

            assertThat(message)
                    .as(field)
                    .hasSizeLessThan(400)
                    .doesNotContainPattern("[\\p{Cc}\\p{Cf}\\p{Zl}]");
        }
    }

    @Test
    void values_of_variables_are_never_shown() {
        String json =
                "{\"image\":\"a\",\"environment\":{\"TOKEN\":\"hunter2\\u0000\",\"B\":[\"hunter2\"]}}";

        assertThat(refused(CODEC.start(message(json), "t-0-0")).message())
                .doesNotContain("hunter2");
    }

    @ParameterizedTest
    @CsvSource({
        "imge,image",
        "envrionment,environment",
        "env,environment",
        "args,command",
        "cmd,command",
        "cpus,resources/cpu",
        "memory,resources/memory",
        "timeout,timeouts",
        "execution_id,executionId",
        "workdir,workingDirectory",
        "volumes,inputs",
        "mounts,inputs",
        "pid,hostNamespaces",
        "security_opt,securityOptions",
        "maxAttempts,retry/maxAttempts",
        "provisions,provision"
    })
    void a_misspelt_field_gets_a_suggestion(String misspelt, String meant) {
        assertThat(refused(CODEC.start(message("{\"" + misspelt + "\":\"a\"}"), "t-0-0")).message())
                .contains("did you mean \"" + meant + "\"?");
    }

    private static RefusalCode codeOf(String json) {
        return codeOf(WireFixtures.utf8(json));
    }

    private static RefusalCode codeOf(byte[] value) {
        return refused(CODEC.start(new Message(null, value, List.of()), "t-0-0")).code();
    }

    private static Refusal refused(Decoded decoded) {
        assertThat(decoded).isInstanceOf(Decoded.Malformed.class);
        return ((Decoded.Malformed) decoded).refusal();
    }
}
