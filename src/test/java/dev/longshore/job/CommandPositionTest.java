package dev.longshore.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandPositionTest {
    @ParameterizedTest
    @CsvSource({
        "longshore.jobs,0,0",
        "team-a.jobs-2,11,9223372036854775807",
        "a-1-2,3,4",
        "-,2147483647,5"
    })
    void its_text_is_read_back_whatever_the_topic_is_called(
            String topic, int partition, long offset) {
        CommandPosition position = new CommandPosition(topic, partition, offset);
        assertThat(position.toString()).isEqualTo(topic + "-" + partition + "-" + offset);
        assertThat(CommandPosition.parse(position.toString())).isEqualTo(position);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "jobs",
                "jobs-1",
                "-1-2",
                "jobs-1-",
                "jobs-x-2",
                "jobs-1-2 ",
                "jobs-9999999999-2",
                "jobs-1-9999999999999999999"
            })
    void anything_else_is_refused_by_the_form_it_should_have(String text) {
        assertThatThrownBy(() -> CommandPosition.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("<topic>-<partition>-<offset>");
    }
}
