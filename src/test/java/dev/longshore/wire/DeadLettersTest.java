package dev.longshore.wire;

import static dev.longshore.wire.WireFixtures.utf8;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.NodeId;
import dev.longshore.job.Refusal;
import dev.longshore.job.RefusalCode;

import org.junit.jupiter.api.Test;

import java.util.List;

class DeadLettersTest {
    private static final DeadLetters.Origin ORIGIN =
            new DeadLetters.Origin("longshore.jobs", 3, 12, "longshore");
    private static final Refusal REFUSAL =
            new Refusal(RefusalCode.INVALID_IMAGE, "/image", "/image: é");

    @Test
    void key_value_and_headers_stay_and_the_reason_is_added() {
        byte[] value = {0, (byte) 0xff};
        Message refused =
                new Message(utf8("k"), value, List.of(Header.of("a", "1"), Header.of("a", "2")));

        Message letter = DeadLetters.wrap(refused, ORIGIN, REFUSAL, new NodeId("n"));

        assertThat(letter.key()).isSameAs(refused.key());
        assertThat(letter.value()).isSameAs(value);
        assertThat(letter.headers())
                .containsExactly(
                        Header.of("a", "1"),
                        Header.of("a", "2"),
                        Header.of("__dlq.errors.topic", "longshore.jobs"),
                        Header.of("__dlq.errors.partition", "3"),
                        Header.of("__dlq.errors.offset", "12"),
                        Header.of("__dlq.errors.group", "longshore"),
                        Header.of("__dlq.errors.message", "/image: é"),
                        Header.of("__dlq.errors.code", "INVALID_IMAGE"),
                        Header.of("__dlq.errors.node", "n"));
    }

    @Test
    void the_traces_of_an_earlier_refusal_are_dropped() {
        Message tombstone = new Message(null, null, List.of());
        Message once = DeadLetters.wrap(tombstone, ORIGIN, REFUSAL, new NodeId("n"));

        assertThat(DeadLetters.wrap(once, ORIGIN, REFUSAL, new NodeId("n"))).isEqualTo(once);
    }
}
