package dev.longshore.wire;

import static dev.longshore.wire.WireFixtures.utf8;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.EngineSpec;
import dev.longshore.job.JobCommand;
import dev.longshore.job.RefusalCode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Base64;
import java.util.List;

class EnvelopeTest {
    private static final CommandCodec CODEC = new CommandCodec();
    private static final String BODY = "{\"image\":\"busybox\",\"resources\":{\"cpu\":0.1}}";
    private static final String ATTRIBUTES =
            "\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/me\",\"type\":\"dev.longshore.start.v1\"";

    @Test
    void binary_mode_is_bare_json_with_headers() {
        Decoded decoded =
                CODEC.start(
                        new Message(
                                null,
                                utf8(BODY),
                                List.of(
                                        Header.of("ce_specversion", "1.0"),
                                        Header.of("ce_id", "1"),
                                        Header.of("ce_source", "/me"),
                                        Header.of("ce_type", "dev.longshore.start.v1"),
                                        Header.of("ce_traceparent", WireFixtures.TRACE),
                                        Header.of("content-type", "application/json"))),
                        "t-0-0");

        assertThat(start(decoded).request().engine()).isEqualTo(EngineSpec.of("busybox"));
        assertThat(start(decoded).request().traceparent()).isEqualTo(WireFixtures.TRACE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/cloudevents+json",
                "Application/CloudEvents+JSON; charset=utf-8"
            })
    void structured_mode_is_unwrapped(String contentType) {
        Decoded decoded =
                structured(
                        "{"
                                + ATTRIBUTES
                                + ",\"traceparent\":\""
                                + WireFixtures.TRACE
                                + "\",\"data\":"
                                + BODY
                                + "}",
                        contentType);

        assertThat(start(decoded).request().engine()).isEqualTo(EngineSpec.of("busybox"));
        assertThat(start(decoded).request().resources().cpuNanos()).isEqualTo(100_000_000L);
        assertThat(start(decoded).request().traceparent()).isEqualTo(WireFixtures.TRACE);
    }

    @Test
    void data_in_base64_is_unwrapped() {
        String data = Base64.getEncoder().encodeToString(utf8(BODY));

        Decoded decoded = structured("{" + ATTRIBUTES + ",\"data_base64\":\"" + data + "\"}");

        assertThat(start(decoded).request().engine()).isEqualTo(EngineSpec.of("busybox"));
    }

    @Test
    void all_three_forms_are_the_same_spec() {
        String bare =
                start(CODEC.start(new Message(utf8("k"), utf8(BODY), List.of()), "t-0-0"))
                        .request()
                        .specHash();
        Message wrapped =
                new Message(
                        utf8("k"),
                        utf8("{" + ATTRIBUTES + ",\"data\":" + BODY + "}"),
                        List.of(Header.of("content-type", "application/cloudevents+json")));

        assertThat(start(CODEC.start(wrapped, "t-0-0")).request().specHash()).isEqualTo(bare);
    }

    @Test
    void what_is_no_cloudevent_is_refused() {
        assertThat(code(structured(BODY))).isEqualTo(RefusalCode.INVALID_FIELD);
        assertThat(code(structured("{" + ATTRIBUTES + "}"))).isEqualTo(RefusalCode.EMPTY_MESSAGE);
        assertThat(code(structured("{" + ATTRIBUTES + ",\"data\":[]}")))
                .isEqualTo(RefusalCode.NOT_AN_OBJECT);
        assertThat(code(structured("{" + ATTRIBUTES + ",\"data\":\"x\"}")))
                .isEqualTo(RefusalCode.NOT_AN_OBJECT);
        assertThat(code(structured("{" + ATTRIBUTES + ",\"data\":7}")))
                .isEqualTo(RefusalCode.NOT_AN_OBJECT);
        assertThat(code(structured("{" + ATTRIBUTES + ",\"data_base64\":\"???\"}")))
                .isEqualTo(RefusalCode.INVALID_FIELD);
        assertThat(code(structured("{" + ATTRIBUTES + ",\"id\":\"2\",\"data\":{}}")))
                .isEqualTo(RefusalCode.DUPLICATE_KEY);
        assertThat(code(structured(ATTRIBUTES))).isEqualTo(RefusalCode.MALFORMED_JSON);
        assertThat(code(structured("[]", "application/cloudevents-batch+json")))
                .isEqualTo(RefusalCode.INVALID_FIELD);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\n"
            })
    void a_trace_context_that_is_none_is_dropped(String traceparent) {
        Message message =
                new Message(null, utf8(BODY), List.of(Header.of("traceparent", traceparent)));

        assertThat(start(CODEC.start(message, "t-0-0")).request().traceparent()).isNull();
    }

    @Test
    void the_last_header_of_a_name_counts() {
        Message message =
                new Message(
                        null,
                        utf8(BODY),
                        List.of(
                                Header.of("traceparent", "x"),
                                Header.of("traceparent", WireFixtures.TRACE)));

        assertThat(start(CODEC.start(message, "t-0-0")).request().traceparent())
                .isEqualTo(WireFixtures.TRACE);
    }

    private static Decoded structured(String json) {
        return structured(json, "application/cloudevents+json");
    }

    private static Decoded structured(String json, String contentType) {
        return CODEC.start(
                new Message(null, utf8(json), List.of(Header.of("content-type", contentType))),
                "t-0-0");
    }

    private static JobCommand.Start start(Decoded decoded) {
        assertThat(decoded).isInstanceOf(Decoded.Command.class);
        return (JobCommand.Start) ((Decoded.Command) decoded).command();
    }

    private static RefusalCode code(Decoded decoded) {
        assertThat(decoded).isInstanceOf(Decoded.Malformed.class);
        return ((Decoded.Malformed) decoded).refusal().code();
    }
}
