package dev.longshore.wire;

import static dev.longshore.wire.WireFixtures.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.Refusal;
import dev.longshore.job.RefusalCode;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("What goes in and comes out has a place of its own, and a fault in it is named")
class BadFilesTest {
    private static final CommandCodec CODEC = new CommandCodec();

    @ParameterizedTest(name = "{0} -> {1} {2}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    7                                                                       | INVALID_FIELD | ``
                    ["/a:/b"]                                                               | INVALID_FIELD | /0
                    [{}]                                                                    | MISSING_FIELD | /0/type
                    [{"target":"/a"}]                                                       | MISSING_FIELD | /0/type
                    [{"type":"tmpfs","target":"/a"}]                                        | INVALID_FIELD | /0/type
                    [{"type":"bind","source":"/a"}]                                         | MISSING_FIELD | /0/target
                    [{"type":"bind","target":"/a"}]                                         | MISSING_FIELD | /0/source
                    [{"type":"volume","target":"/a"}]                                       | MISSING_FIELD | /0/source
                    [{"type":"bind","source":"a","target":"/a"}]                            | INVALID_FIELD | /0/source
                    [{"type":"bind","source":"","target":"/a"}]                             | INVALID_FIELD | /0/source
                    [{"type":"bind","source":"../x","target":"/a"}]                         | INVALID_FIELD | /0/source
                    [{"type":"bind","source":"/a/../etc","target":"/a"}]                    | INVALID_FIELD | /0/source
                    [{"type":"bind","source":"/a/","target":"/a"}]                          | INVALID_FIELD | /0/source
                    [{"type":"bind","source":"/a\\u0000","target":"/a"}]                    | INVALID_FIELD | /0/source
                    [{"type":"bind","source":"/a","target":"/a","readonly":true}]           | UNKNOWN_FIELD | /0/readonly
                    [{"type":"bind","source":"/a","target":"/a","readOnly":"no"}]           | INVALID_FIELD | /0/readOnly
                    [{"type":"bind","source":"/a","target":"/a","content":"x"}]             | INVALID_FIELD | /0/content
                    [{"type":"bind","source":"/a","target":"/a","mode":"0644"}]             | INVALID_FIELD | /0/mode
                    [{"type":"volume","source":"/a","target":"/a"}]                         | INVALID_FIELD | /0/source
                    [{"type":"volume","source":"a b","target":"/a"}]                        | INVALID_FIELD | /0/source
                    [{"type":"volume","source":"-a","target":"/a"}]                         | INVALID_FIELD | /0/source
                    [{"type":"inline","target":"/a"}]                                       | MISSING_FIELD | /0/content
                    [{"type":"inline","target":"/a","source":"/a","content":""}]            | INVALID_FIELD | /0/source
                    [{"type":"inline","target":"/a","content":"","contentBase64":""}]       | INVALID_FIELD | /0/contentBase64
                    [{"type":"inline","target":"/a","contentBase64":"a"}]                   | INVALID_FIELD | /0/contentBase64
                    [{"type":"inline","target":"/a","contentBase64":"_-8="}]                | INVALID_FIELD | /0/contentBase64
                    [{"type":"inline","target":"/a","content":7}]                           | INVALID_FIELD | /0/content
                    [{"type":"inline","target":"/a","content":"","readOnly":true}]          | INVALID_FIELD | /0/readOnly
                    [{"type":"inline","target":"/a","content":"","mode":"644"}]             | INVALID_FIELD | /0/mode
                    [{"type":"inline","target":"/a","content":"","mode":"4755"}]            | INVALID_FIELD | /0/mode
                    [{"type":"inline","target":"/a","content":"","mode":"0800"}]            | INVALID_FIELD | /0/mode
                    [{"type":"inline","target":"/a","content":"","mode":420}]               | INVALID_FIELD | /0/mode
                    [{"type":"inline","target":"/a","content":"","mode":"0644\\n"}]         | INVALID_FIELD | /0/mode
                    """)
    void a_bad_input_is_refused(String inputs, RefusalCode code, String pointer) {
        assertRefused("\"inputs\":" + inputs, code, "/inputs" + pointer);
    }

    @ParameterizedTest(name = "{0} -> {1} {2}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {}                                                         | INVALID_FIELD |
                    [{}]                                                       | MISSING_FIELD | /0/name
                    [{"name":"a"}]                                             | INVALID_FIELD | /0
                    [{"name":"a","environment":"A","target":"/a"}]             | INVALID_FIELD | /0
                    [{"name":"../a","environment":"A"}]                        | INVALID_FIELD | /0/name
                    [{"name":"..","environment":"A"}]                          | INVALID_FIELD | /0/name
                    [{"name":".a","environment":"A"}]                          | INVALID_FIELD | /0/name
                    [{"name":"a/b","environment":"A"}]                         | INVALID_FIELD | /0/name
                    [{"name":"a\\n","environment":"A"}]                        | INVALID_FIELD | /0/name
                    [{"name":"a","environment":"A=B"}]                         | INVALID_ENV   | /0/environment
                    [{"name":"a","environment":""}]                            | INVALID_ENV   | /0/environment
                    [{"name":"a","environment":"A","mode":"0400"}]             | INVALID_FIELD | /0/mode
                    [{"name":"a","environment":"A","value":"x"}]               | UNKNOWN_FIELD | /0/value
                    [{"name":"a","environment":"A"},{"name":"b","environment":"A"}] | INVALID_ENV | /1/environment
                    [{"name":"a","environment":"PLAIN"}]                       | INVALID_ENV   | /0/environment
                    [{"name":"a","target":"/proc/a"}]                          | INVALID_MOUNT_TARGET | /0/target
                    [{"name":"a","target":"a"}]                                | INVALID_MOUNT_TARGET | /0/target
                    [{"name":"a","target":"/a"},{"name":"b","target":"/a"}]    | INVALID_MOUNT_TARGET | /1/target
                    [{"name":"a","target":"/out/a"}]                           | INVALID_MOUNT_TARGET | /0/target
                    [{"name":"a","target":"/a","mode":"400"}]                  | INVALID_FIELD | /0/mode
                    """)
    void a_bad_secret_is_refused(String secrets, RefusalCode code, @Nullable String pointer) {
        assertRefused(
                "\"environment\":{\"PLAIN\":\"x\"},\"outputs\":[{\"name\":\"o\",\"target\":\"/out\"}],"
                    + "\"secrets\":"
                        + secrets,
                code,
                "/secrets" + (pointer == null ? "" : pointer));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    relative
                    ``
                    /
                    //a
                    /a/
                    /a/../b
                    /a/./b
                    /a\\u0000
                    /a\\nb
                    /proc
                    /proc/self
                    /sys/fs/cgroup
                    /dev
                    /dev/shm
                    /.longshore
                    /.longshore/scripts
                    """)
    void a_target_is_refused_for_every_kind(String target) {
        String bind = "{\"type\":\"bind\",\"source\":\"/a\",\"target\":\"" + target + "\"}";
        String inline = "{\"type\":\"inline\",\"content\":\"\",\"target\":\"" + target + "\"}";
        String output = "{\"name\":\"a\",\"target\":\"" + target + "\"}";
        RefusalCode code = RefusalCode.INVALID_MOUNT_TARGET;

        assertRefused("\"inputs\":[" + bind + "]", code, "/inputs/0/target");
        assertRefused("\"inputs\":[" + inline + "]", code, "/inputs/0/target");
        assertRefused("\"outputs\":[" + output + "]", code, "/outputs/0/target");
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    "inputs":[BIND"/etc"}]                                        | /inputs/0/target
                    "outputs":[{"name":"a","target":"/etc"}]                      | /outputs/0/target
                    "inputs":[BIND"/a"},BIND"/a"}]                                | /inputs/1/target
                    "inputs":[BIND"/a"},FILE"/a"}]                                | /inputs/1/target
                    "inputs":[BIND"/a"}],"outputs":[{"name":"o","target":"/a"}]   | /outputs/0/target
                    "inputs":[FILE"/a"}],"outputs":[{"name":"o","target":"/a"}]   | /outputs/0/target
                    "outputs":[{"name":"o","target":"/tmp"},{"name":"p","target":"/tmp"}] | /outputs/1/target
                    "outputs":[{"name":"o","target":"/o"},{"name":"p","target":"/o/p"}]   | /outputs/1/target
                    "outputs":[{"name":"p","target":"/o/p/q"},{"name":"o","target":"/o"}] | /outputs/0/target
                    "tmpfs":{"/tmp":1},"outputs":[{"name":"o","target":"/tmp"}]   | /outputs/0/target
                    "tmpfs":{"/tmp":1},"inputs":[BIND"/tmp"}]                     | /inputs/0/target
                    "tmpfs":{"/o/tmp":1},"outputs":[{"name":"o","target":"/o"}]   | /tmpfs/~1o~1tmp
                    "inputs":[BIND"/o/i"}],"outputs":[{"name":"o","target":"/o"}] | /inputs/0/target
                    "inputs":[BIND"/a"},FILE"/a/b"}]                              | /inputs/1/target
                    "inputs":[FILE"/a/b"},BIND"/a"}]                              | /inputs/0/target
                    "inputs":[FILE"/a"},FILE"/a/b"}]                              | /inputs/1/target
                    "inputs":[FILE"/a"},BIND"/a/b"}]                              | /inputs/1/target
                    "tmpfs":{"/tmp":1},"inputs":[FILE"/tmp/x"}]                   | /inputs/0/target
                    """)
    void places_must_not_hide_one_another(String fields, String pointer) {
        assertRefused(spelt(fields), RefusalCode.INVALID_MOUNT_TARGET, pointer);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    "inputs":[FILE"/etc/app.conf"},BIND"/etc/ssl"}]
                    "inputs":[BIND"/a"},BIND"/a/b"},BIND"/ab"}]
                    "inputs":[FILE"/o/seed"}],"outputs":[{"name":"o","target":"/o"}]
                    "tmpfs":{"/tmp":1},"inputs":[BIND"/tmp/in"}]
                    "inputs":[BIND"/a"}],"outputs":[{"name":"o","target":"/a/out"},{"name":"p","target":"/a/out2"}]
                    "inputs":[BIND"/process"},BIND"/device"},BIND"/.longshores"}]
                    "inputs":[],"outputs":[],"provision":[],"retry":{}
                    "inputs":[{"type":"inline","target":"/a","contentBase64":"","mode":"0000"}]
                    "inputs":[{"type":"bind","source":"/","target":"/host"}]
                    "provision":[{"name":"a","script":"#!/bin/sh"},{"name":"A","script":"#! /bin/sh -e\\n"}]
                    "network":"host","devices":["/dev/fuse"],"privileged":true,"hostNamespaces":["pid","pid"]
                    "network":"container:x"
                    """)
    void what_is_unusual_but_sound_is_a_command(String fields) {
        assertThat(CODEC.start(message("{\"image\":\"a\"," + spelt(fields) + "}"), "t-0-0"))
                .isInstanceOf(Decoded.Command.class);
    }

    @ParameterizedTest(name = "{0} -> {1} {2}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    "outputs":{}                                               | INVALID_FIELD | /outputs
                    "outputs":[{"name":"a"}]                                   | MISSING_FIELD | /outputs/0/target
                    "outputs":[{"target":"/a"}]                                | MISSING_FIELD | /outputs/0/name
                    "outputs":[{"name":"","target":"/a"}]                      | INVALID_OUTPUT_NAME | /outputs/0/name
                    "outputs":[{"name":"a/b","target":"/a"}]                   | INVALID_OUTPUT_NAME | /outputs/0/name
                    "outputs":[{"name":"..","target":"/a"}]                    | INVALID_OUTPUT_NAME | /outputs/0/name
                    "outputs":[{"name":"a\\n","target":"/a"}]                  | INVALID_OUTPUT_NAME | /outputs/0/name
                    "outputs":[{"name":7,"target":"/a"}]                       | INVALID_OUTPUT_NAME | /outputs/0/name
                    "outputs":[{"name":"a","target":"/a"},{"name":"A","target":"/b"}] | INVALID_OUTPUT_NAME | /outputs/1/name
                    "outputs":[{"name":"a","target":"/a","path":"/b"}]         | UNKNOWN_FIELD | /outputs/0/path
                    "provision":["#!/bin/sh"]                                  | INVALID_FIELD | /provision/0
                    "provision":[{"name":"a"}]                                 | MISSING_FIELD | /provision/0/script
                    "provision":[{"script":"#!/bin/sh"}]                       | MISSING_FIELD | /provision/0/name
                    "provision":[{"name":"a.sh","script":"#!/bin/sh"}]         | INVALID_FIELD | /provision/0/name
                    "provision":[{"name":"../a","script":"#!/bin/sh"}]         | INVALID_FIELD | /provision/0/name
                    "provision":[{"name":"a\\n","script":"#!/bin/sh"}]         | INVALID_FIELD | /provision/0/name
                    "provision":[{"name":"a","script":"echo hi"}]              | INVALID_FIELD | /provision/0/script
                    "provision":[{"name":"a","script":"#!\\n/bin/sh"}]         | INVALID_FIELD | /provision/0/script
                    "provision":[{"name":"a","script":""}]                     | INVALID_FIELD | /provision/0/script
                    "provision":[{"name":"a","script":"#!/bin/sh\\r\\nls"}]    | INVALID_FIELD | /provision/0/script
                    "provision":[{"name":"a","script":"#!/a"},{"name":"a","script":"#!/b"}] | INVALID_FIELD | /provision/1/name
                    "retry":3                                                  | INVALID_FIELD | /retry
                    "retry":{"attempts":3}                                     | UNKNOWN_FIELD | /retry/attempts
                    "retry":{"maxAttempts":0}                                  | INVALID_FIELD | /retry/maxAttempts
                    "retry":{"maxAttempts":101}                                | INVALID_FIELD | /retry/maxAttempts
                    "retry":{"maxAttempts":1.5}                                | INVALID_FIELD | /retry/maxAttempts
                    "retry":{"maxAttempts":"2"}                                | INVALID_FIELD | /retry/maxAttempts
                    "retry":{"on":"infra_lost"}                                | INVALID_FIELD | /retry/on
                    "retry":{"on":[]}                                          | INVALID_FIELD | /retry/on
                    "retry":{"on":["infra_lost","completed"]}                  | INVALID_FIELD | /retry/on/1
                    "retry":{"on":["cancelled"]}                               | INVALID_FIELD | /retry/on/0
                    "retry":{"on":["not_permitted"]}                           | INVALID_FIELD | /retry/on/0
                    "retry":{"on":["timed_out_queue"]}                         | INVALID_FIELD | /retry/on/0
                    "retry":{"on":["INFRA_LOST"]}                              | INVALID_FIELD | /retry/on/0
                    "retry":{"backoff":5}                                      | INVALID_TIMEOUT | /retry/backoff
                    "retry":{"backoff":"0s"}                                   | INVALID_TIMEOUT | /retry/backoff
                    "retry":{"backoff":"soon"}                                 | INVALID_TIMEOUT | /retry/backoff
                    "retry":{"backoff":"61m"}                                  | INVALID_TIMEOUT | /retry/backoff
                    """)
    void a_bad_output_script_or_retry_is_refused(String field, RefusalCode code, String pointer) {
        assertRefused(field, code, pointer);
    }

    @Test
    void numbers_and_sizes_are_bounded() {
        String bind = "{\"type\":\"bind\",\"source\":\"/a\",\"target\":\"/t%d\"}";
        assertRefused(many("inputs", bind, 65), RefusalCode.INVALID_FIELD, "/inputs");
        String output = "{\"name\":\"n%d\",\"target\":\"/t%1$d\"}";
        assertRefused(many("outputs", output, 33), RefusalCode.INVALID_FIELD, "/outputs");
        String script = "{\"name\":\"n%d\",\"script\":\"#!/bin/sh\"}";
        assertRefused(many("provision", script, 33), RefusalCode.INVALID_FIELD, "/provision");

        String half = "x".repeat(256 << 10);
        String file = "{\"type\":\"inline\",\"target\":\"/t%d\",\"content\":\"" + half + "\"}";
        assertThat(CODEC.start(message("{\"image\":\"a\"," + many("inputs", file, 2) + "}"), "t"))
                .isInstanceOf(Decoded.Command.class);
        assertRefused(many("inputs", file, 3), RefusalCode.TOO_LARGE, "/inputs/2/content");
        assertRefused(
                many("inputs", file, 2) + "," + many("provision", script, 1),
                RefusalCode.TOO_LARGE,
                "/provision/0/script");
        assertRefused(
                "\"outputs\":[{\"name\":\"a\",\"target\":\"/" + "x".repeat(4096) + "\"}]",
                RefusalCode.INVALID_MOUNT_TARGET,
                "/outputs/0/target");
        assertRefused(
                "\"outputs\":[{\"name\":\"" + "x".repeat(300) + "\",\"target\":\"/a\"}]",
                RefusalCode.INVALID_OUTPUT_NAME,
                "/outputs/0/name");
    }

    @Test
    void a_command_that_is_small_enough_stays_so_when_it_is_written_again() {
        for (String content : new String[] {"\\u0000", "x", "\\\"", "\\n"}) {
            String file =
                    "\"inputs\":[{\"type\":\"inline\",\"target\":\"/a\",\"content\":\""
                            + content.repeat(150_000)
                            + "\"}]";
            Decoded first = CODEC.start(message("{\"image\":\"a\"," + file + "}"), "t-0-0");
            assertThat(first).isInstanceOf(Decoded.Command.class);

            byte[] written = CODEC.encode(((Decoded.Command) first).command());

            assertThat(written.length).isLessThan(300_200);
            assertThat(CODEC.startBody(written)).isEqualTo(first);
        }
    }

    @Test
    void contents_and_scripts_are_never_shown() {
        String file = "{\"type\":\"inline\",\"target\":\"/a\",\"mode\":\"x\",";
        for (String fields :
                new String[] {
                    "\"inputs\":[" + file + "\"content\":\"hunter2\"}]",
                    "\"inputs\":[" + file + "\"content\":[\"hunter2\"]}]",
                    "\"inputs\":[" + file + "\"contentBase64\":\"hunter2!\"}]",
                    "\"provision\":[{\"name\":\"a\",\"script\":\"hunter2\"}]",
                    "\"provision\":[{\"name\":\"a\",\"script\":{\"b\":\"hunter2\"}}]",
                }) {
            assertThat(refused(fields).message()).doesNotContain("hunter2");
        }
        assertThat(
                        CODEC.start(
                                        message(
                                                "{\"image\":\"a\",\"inputs\":[{\"type\":\"inline\",\"target\":\"/a\",\"content\":\"hunter2\"}],"
                                                    + "\"provision\":[{\"name\":\"a\",\"script\":\"#!hunter2\"}]}"),
                                        "t-0-0")
                                .toString())
                .doesNotContain("hunter2");
    }

    /** With the beginnings of inputs spelt out: a mount's and a file's. */
    private static String spelt(String fields) {
        return fields.replace("BIND", "{\"type\":\"bind\",\"source\":\"/a\",\"target\":")
                .replace("FILE", "{\"type\":\"inline\",\"content\":\"x\",\"target\":");
    }

    private static String many(String field, String item, int count) {
        StringBuilder items = new StringBuilder();
        for (int i = 0; i < count; i++) {
            items.append(i == 0 ? "" : ",").append(String.format(item, i));
        }
        return "\"" + field + "\":[" + items + "]";
    }

    private static void assertRefused(String fields, RefusalCode code, String pointer) {
        Refusal refusal = refused(fields);

        assertThat(refusal.code()).as(refusal.message()).isEqualTo(code);
        assertThat(refusal.field()).isEqualTo(pointer);
        assertThat(refusal.message()).startsWith(pointer).hasSizeLessThan(500);
    }

    private static Refusal refused(String fields) {
        Decoded decoded = CODEC.start(message("{\"image\":\"a\"," + fields + "}"), "t-0-0");
        assertThat(decoded).as(fields).isInstanceOf(Decoded.Malformed.class);
        return ((Decoded.Malformed) decoded).refusal();
    }
}
