package dev.longshore.wire;

import static dev.longshore.wire.WireFixtures.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.ExecutionId;
import dev.longshore.job.JobCommand;
import dev.longshore.job.NodeId;
import dev.longshore.job.Refusal;
import dev.longshore.job.RefusalCode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.List;

class ControlCodecTest {
    private static final CommandCodec CODEC = new CommandCodec();

    @Test
    void every_control_command_reads_back_equal() {
        List<JobCommand> commands =
                List.of(
                        new JobCommand.Cancel(new ExecutionId("a"), null),
                        new JobCommand.Cancel(new ExecutionId("a"), "no \"need\"\n"),
                        new JobCommand.Pause(new ExecutionId("a")),
                        new JobCommand.Resume(new ExecutionId("a")),
                        new JobCommand.Signal(new ExecutionId("a"), "SIGHUP"),
                        new JobCommand.Extend(new ExecutionId("a"), Duration.ofMillis(90_061_001)),
                        new JobCommand.Remove(new ExecutionId("a")),
                        new JobCommand.Drain(new NodeId("n")),
                        new JobCommand.Undrain(new NodeId("n")),
                        new JobCommand.Cleanup(new NodeId("n")),
                        new JobCommand.Prefetch(new NodeId("n"), "a:1", null, null),
                        new JobCommand.Prefetch(new NodeId("n"), "b/c", "linux/arm64", "hub"));

        for (JobCommand command : commands) {
            assertThat(CODEC.control(new Message(null, CODEC.encode(command), List.of())))
                    .isEqualTo(new Decoded.Command(command));
        }
    }

    @Test
    void a_key_must_say_the_same_as_the_value() {
        String cancel = "{\"type\":\"cancel\",\"executionId\":\"a\"}";
        String cleanup = "{\"type\":\"cleanup\",\"nodeId\":\"n\"}";

        assertThat(CODEC.control(message("a", cancel))).isInstanceOf(Decoded.Command.class);
        assertThat(CODEC.control(message("n", cleanup))).isInstanceOf(Decoded.Command.class);
        assertThat(CODEC.control(message("b", cancel)))
                .isInstanceOfSatisfying(
                        Decoded.Malformed.class,
                        malformed ->
                                assertThat(malformed.refusal().code())
                                        .isEqualTo(RefusalCode.KEY_MISMATCH));
    }

    @Test
    void a_signal_has_its_full_name_however_it_was_given() {
        for (String signal : List.of("\"HUP\"", "\"sighup\"", "\"1\"", "1")) {
            String json = "{\"type\":\"signal\",\"executionId\":\"a\",\"signal\":" + signal + "}";

            assertThat(CODEC.control(message(json)))
                    .isEqualTo(
                            new Decoded.Command(
                                    new JobCommand.Signal(new ExecutionId("a"), "SIGHUP")));
        }
    }

    @ParameterizedTest(name = "{0} -> {1} {2}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {}                                               | MISSING_FIELD | /type
                    {"type":"lunch"}                                 | UNKNOWN_COMMAND | /type
                    {"type":"start","image":"a"}                     | UNKNOWN_COMMAND | /type
                    {"type":null}                                    | UNKNOWN_COMMAND | /type
                    {"type":"cancel"}                                | MISSING_FIELD | /executionId
                    {"type":"cancel","executionId":"a","reson":"x"}  | UNKNOWN_FIELD | /reson
                    {"type":"cancel","executionId":"a","nodeId":"x"} | UNKNOWN_FIELD | /nodeId
                    {"type":"cancel","executionId":"a","reason":7}   | INVALID_FIELD | /reason
                    {"type":"cancel","executionId":"../x"}           | INVALID_EXECUTION_ID | /executionId
                    {"type":"remove","executionId":"a\\n"}           | INVALID_EXECUTION_ID | /executionId
                    {"type":"cleanup","nodeId":""}                   | INVALID_EXECUTION_ID | /nodeId
                    {"type":"cleanup","executionId":"a"}             | UNKNOWN_FIELD | /executionId
                    {"type":"drain","executionId":"a"}               | UNKNOWN_FIELD | /executionId
                    {"type":"undrain","nodeId":"../x"}               | INVALID_EXECUTION_ID | /nodeId
                    {"type":"pause","executionId":"a","signal":1}    | UNKNOWN_FIELD | /signal
                    {"type":"signal","executionId":"a"}              | MISSING_FIELD | /signal
                    {"type":"signal","executionId":"a","signal":"SIGFOO"} | INVALID_FIELD | /signal
                    {"type":"signal","executionId":"a","signal":0}   | INVALID_FIELD | /signal
                    {"type":"signal","executionId":"a","signal":1.5} | INVALID_FIELD | /signal
                    {"type":"extend","executionId":"a"}              | MISSING_FIELD | /timeouts
                    {"type":"extend","executionId":"a","timeouts":{}} | MISSING_FIELD | /timeouts/run
                    {"type":"extend","executionId":"a","timeouts":{"run":"0s"}} | INVALID_TIMEOUT | /timeouts/run
                    {"type":"extend","executionId":"a","timeouts":{"queue":"1h"}} | UNKNOWN_FIELD | /timeouts/queue
                    {"type":"extend","executionId":"a","run":"1h"}   | UNKNOWN_FIELD | /run
                    {"type":"prefetch","image":"a"}                  | MISSING_FIELD | /nodeId
                    {"type":"prefetch","nodeId":"n"}                 | MISSING_FIELD | /image
                    {"type":"prefetch","nodeId":"n","image":"B@D"}   | INVALID_IMAGE | /image
                    {"type":"prefetch","nodeId":"n","image":7}       | INVALID_IMAGE | /image
                    {"type":"prefetch","nodeId":"n","image":"a","platform":"linux"}    | INVALID_FIELD | /platform
                    {"type":"prefetch","nodeId":"n","image":"a","registryAuth":"a b"}  | INVALID_FIELD | /registryAuth
                    {"type":"prefetch","nodeId":"n","image":"a","executionId":"e"}     | UNKNOWN_FIELD | /executionId
                    """)
    void a_bad_control_is_refused(String json, RefusalCode code, String field) {
        assertThat(CODEC.control(message(json)))
                .isInstanceOfSatisfying(
                        Decoded.Malformed.class,
                        malformed -> {
                            Refusal refusal = malformed.refusal();
                            assertThat(refusal.code()).as(refusal.message()).isEqualTo(code);
                            assertThat(refusal.field()).isEqualTo(field);
                        });
    }

    @Test
    void warming_up_does_no_harm() {
        CommandCodec codec = new CommandCodec();
        codec.warmUp();

        assertThat(codec.control(message("{\"type\":\"remove\",\"executionId\":\"a\"}")))
                .isEqualTo(new Decoded.Command(new JobCommand.Remove(new ExecutionId("a"))));
    }
}
