package dev.longshore.wire;

import static dev.longshore.wire.WireFixtures.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.ExecutionId;
import dev.longshore.job.JobCommand;
import dev.longshore.job.NodeId;
import dev.longshore.job.RefusalCode;

import org.junit.jupiter.api.Test;

import java.util.List;

class ControlCodecTest {
    private static final CommandCodec CODEC = new CommandCodec();

    @Test
    void every_control_command_reads_back_equal() {
        List<JobCommand> commands =
                List.of(
                        new JobCommand.Cancel(new ExecutionId("a"), null),
                        new JobCommand.Cancel(new ExecutionId("a"), "no \"need\"\n"),
                        new JobCommand.Remove(new ExecutionId("a")),
                        new JobCommand.Cleanup(new NodeId("n")));

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
    void warming_up_does_no_harm() {
        CommandCodec codec = new CommandCodec();
        codec.warmUp();

        assertThat(codec.control(message("{\"type\":\"remove\",\"executionId\":\"a\"}")))
                .isEqualTo(new Decoded.Command(new JobCommand.Remove(new ExecutionId("a"))));
    }
}
