package dev.longshore.wire;

import static dev.longshore.wire.WireFixtures.utf8;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Instant;
import java.util.List;

class DeadLetterJsonTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @Test
    void a_long_text_is_never_cut_within_a_character() throws IOException {
        assertThat(letter(utf8("ä".repeat(3_000))).path("value").asText())
                .isEqualTo("ä".repeat(2_048));
        JsonNode odd = letter(utf8("x" + "ä".repeat(3_000)));
        assertThat(odd.path("value").asText()).isEqualTo("x" + "ä".repeat(2_047));
        assertThat(odd.path("truncated").asBoolean()).isTrue();
        assertThat(letter(utf8("€".repeat(2_000))).path("value").asText())
                .isEqualTo("€".repeat(1_365));
    }

    @Test
    void what_is_as_long_as_is_shown_is_whole() throws IOException {
        JsonNode whole = letter(new byte[DeadLetterJson.SHOWN_BYTES]);
        assertThat(whole.path("value").asText()).hasSize(DeadLetterJson.SHOWN_BYTES);
        assertThat(whole.has("truncated")).isFalse();
    }

    @Test
    void a_long_value_that_is_no_text_is_its_first_bytes() throws IOException {
        byte[] value = new byte[10_000];
        value[0] = (byte) 0xff;
        JsonNode letter = letter(value);
        assertThat(letter.path("valueBase64").binaryValue())
                .hasSize(DeadLetterJson.SHOWN_BYTES)
                .startsWith(0xff, 0);
        assertThat(letter.has("value")).isFalse();
    }

    @Test
    void a_record_that_somebody_else_put_there_says_nothing_of_why() throws IOException {
        Message plain =
                new Message(
                        null,
                        null,
                        List.of(
                                Header.of("__dlq.errors.topic", "t"),
                                Header.of("__dlq.errors.offset", "far")));
        JsonNode letter = read(plain);
        assertThat(letter.path("code").isNull()).isTrue();
        assertThat(letter.path("origin").path("topic").asText()).isEqualTo("t");
        assertThat(letter.path("origin").path("offset").isNull()).isTrue();
        assertThat(read(new Message(null, null, List.of())).has("origin")).isFalse();
    }

    private static JsonNode letter(byte[] value) throws IOException {
        return read(new Message(utf8("k"), value, List.of()));
    }

    private static JsonNode read(Message message) throws IOException {
        DeadLetters.Letter letter = new DeadLetters.Letter(0, 1, Instant.EPOCH, message);
        return MAPPER.readTree(DeadLetterJson.page(List.of(letter), null))
                .path("deadLetters")
                .get(0);
    }
}
