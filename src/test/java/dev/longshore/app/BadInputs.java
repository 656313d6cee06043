package dev.longshore.app;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.longshore.job.RefusalCode;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The bad inputs by the topic of jobs, each with the number of its line in the published list of
 * forty. Those with other codes or that are well-formed after all are tests of their own.
 */
final class BadInputs {
    private final List<Row> rows = new ArrayList<>();
    private final Path link;

    private BadInputs(Path link) {
        this.link = link;
    }

    /**
     * One input.
     *
     * @param number its line in the list
     * @param what it in a word or two
     * @param key the record's key
     * @param value the record's value
     * @param code with which it is refused
     * @param field which the message names first, or empty
     * @param rejected whether it is well-formed, so that it has a result as well
     */
    record Row(
            int number,
            String what,
            @Nullable String key,
            byte @Nullable [] value,
            RefusalCode code,
            String field,
            boolean rejected) {
        @Override
        public String toString() {
            return number + " " + what + " is " + code + (field.isEmpty() ? "" : " at " + field);
        }
    }

    /**
     * All of them.
     *
     * @param link a symbolic link under a root of mounts that leads to {@code /etc}
     */
    static List<Row> all(Path link) {
        BadInputs inputs = new BadInputs(link);
        inputs.json();
        inputs.ids();
        inputs.images();
        inputs.programs();
        inputs.files();
        inputs.amounts();
        inputs.rights();
        return inputs.rows;
    }

    private void json() {
        bytes(1, "tombstone", null, RefusalCode.EMPTY_MESSAGE);
        bytes(1, "empty value", new byte[0], RefusalCode.EMPTY_MESSAGE);
        raw(1, "blank value", " \n", RefusalCode.EMPTY_MESSAGE);
        raw(2, "not json", "not json", RefusalCode.MALFORMED_JSON);
        raw(3, "array", "[]", RefusalCode.NOT_AN_OBJECT);
        raw(3, "text", "\"x\"", RefusalCode.NOT_AN_OBJECT);
        raw(3, "number", "42", RefusalCode.NOT_AN_OBJECT);
        raw(3, "null", "null", RefusalCode.NOT_AN_OBJECT);
        raw(4, "brace too many", "{\"image\":\"busybox\"}}", RefusalCode.MALFORMED_JSON);
        bad(5, "\"image\":\"a\",\"image\":\"b\"", RefusalCode.DUPLICATE_KEY, "/image");
        raw(6, "deep arrays", "[".repeat(100_000), RefusalCode.TOO_DEEP);
        raw(6, "deep objects", "{\"a\":".repeat(100_000), RefusalCode.TOO_DEEP);
        raw(7, "5 MB", job(env("A", "x".repeat(5_000_000))), RefusalCode.TOO_LARGE);
        bytes(8, "UTF-16", "{\"image\":\"busybox\"}".getBytes(UTF_16), RefusalCode.MALFORMED_JSON);
        bytes(8, "no UTF-8", new byte[] {'{', (byte) 0xC3, '}'}, RefusalCode.MALFORMED_JSON);
        job(9, "\"type\":\"lunch\"", RefusalCode.UNKNOWN_COMMAND, "/type");
        job(10, "\"schemaVersion\":99", RefusalCode.UNKNOWN_FIELD, "/schemaVersion");
    }

    private void ids() {
        for (String id : List.of("", "a".repeat(65))) {
            id(11, id, id.length() + " characters");
        }
        id(12, "../../etc/cron.d/x", "path");
        id(13, "a\\u0000b", "NUL");
        id(13, "a\\nb", "line break");
        id(13, "a b", "space");
        id(13, "\\u0430bc", "Cyrillic look-alike");
        for (String id : List.of(".", "..", "-rf")) {
            id(14, id, id);
        }
        rows.add(
                new Row(
                        17,
                        "key of another",
                        "this",
                        job("\"executionId\":\"that\"").getBytes(UTF_8),
                        RefusalCode.KEY_MISMATCH,
                        "/executionId",
                        false));
    }

    private void id(int number, String id, String what) {
        rows.add(
                new Row(
                        number,
                        what,
                        null,
                        job("\"executionId\":\"" + id + "\"").getBytes(UTF_8),
                        RefusalCode.INVALID_EXECUTION_ID,
                        "/executionId",
                        false));
    }

    private void images() {
        image(18, "UPPER/x");
        image(20, "evil.example/x@sha256:short");
        image(21, "https://evil.example/x");
        image(21, "a b");
        image(21, "--privileged");
        image(21, "x".repeat(5_000));
        rejected(22, "\"image\":\"evil.example/x\"", RefusalCode.NOT_PERMITTED, "/image");
        rejected(
                22,
                "\"image\":\"docker.io.evil.com/library/x\"",
                RefusalCode.NOT_PERMITTED,
                "/image");
    }

    private void image(int number, String image) {
        bad(number, "\"image\":\"" + image + "\"", RefusalCode.INVALID_IMAGE, "/image");
    }

    private void programs() {
        RefusalCode code = RefusalCode.INVALID_COMMAND;
        job(23, "\"command\":\"echo hi\"", code, "/command");
        job(23, "\"command\":[\"a\",1]", code, "/command/1");
        job(23, "\"command\":[null]", code, "/command/0");
        job(23, "\"command\":" + words(10_001), code, "/command");
        job(23, "\"command\":[\"" + "x".repeat(200_000) + "\"]", code, "/command/0");
        job(23, "\"command\":[\"" + "x".repeat(3_000_000) + "\"]", RefusalCode.TOO_LARGE, "");
        code = RefusalCode.INVALID_ENV;
        job(24, "\"environment\":[\"NOEQ\"]", code, "/environment");
        job(24, env("", "x"), code, "/environment/");
        job(24, env("A=B", "x"), code, "/environment/A=B");
        job(24, env("A\\u0000", "x"), code, "/environment/A\\u0000");
        job(24, env("A\\nB", "x"), code, "/environment/A\\nB");
        job(24, env("A", "x\\u0000"), code, "/environment/A");
        job(26, label("dev.longshore.node", "x"), RefusalCode.RESERVED_LABEL, "/labels/dev");
        job(26, label("a", "x\\ny"), RefusalCode.INVALID_LABEL, "/labels/a");
        job(26, label("a", "x".repeat(5_000)), RefusalCode.INVALID_LABEL, "/labels/a");
        job(26, label("a", "x".repeat(2_000_000)), RefusalCode.TOO_LARGE, "");
    }

    private void files() {
        String source = "/inputs/0/source";
        for (String path : List.of("/", "/etc", "/var/run/docker.sock", link.toString())) {
            rejected(27, job(bind(path, "/in")), RefusalCode.NOT_PERMITTED, source);
        }
        job(27, bind(link.getParent() + "/../x", "/in"), RefusalCode.INVALID_FIELD, source);
        job(27, bind("x", "/in"), RefusalCode.INVALID_FIELD, source);
        RefusalCode code = RefusalCode.INVALID_MOUNT_TARGET;
        for (String target : List.of("/proc", "relative", "/", "/a/../b")) {
            job(28, bind("/srv", target), code, "/inputs/0/target");
        }
        job(
                28,
                "\"outputs\":[{\"name\":\"a\",\"target\":\"/o\"},{\"name\":\"b\",\"target\":\"/o\"}]",
                code,
                "/outputs/1/target");
        for (String name : List.of("../x", "a/b", "", "x".repeat(300))) {
            job(
                    29,
                    "\"outputs\":[{\"name\":\"" + name + "\",\"target\":\"/o\"}]",
                    RefusalCode.INVALID_OUTPUT_NAME,
                    "/outputs/0/name");
        }
    }

    private void amounts() {
        RefusalCode code = RefusalCode.INVALID_RESOURCES;
        for (String memory : List.of("-1", "0", "1", "1e30", "1e999999999", "\"1g\"")) {
            job(30, "\"resources\":{\"memory\":" + memory + "}", code, "/resources/memory");
        }
        job(30, "\"resources\":{\"memory\":NaN}", RefusalCode.MALFORMED_JSON, "");
        job(31, "\"resources\":{\"cpu\":0}", code, "/resources/cpu");
        job(31, "\"resources\":{\"cpu\":1e9}", code, "/resources/cpu");
        rejected(31, job("\"resources\":{\"cpu\":5000}"), RefusalCode.INSUFFICIENT_RESOURCES, "");
        code = RefusalCode.INVALID_TIMEOUT;
        for (String run : List.of("-5", "\"-5s\"", "\"0s\"", "9223372036854775807")) {
            job(32, "\"timeouts\":{\"run\":" + run + "}", code, "/timeouts/run");
        }
        job(32, "\"timeouts\":{\"run\":\"9223372036854775807s\"}", code, "/timeouts/run");
    }

    private void rights() {
        RefusalCode code = RefusalCode.NOT_PERMITTED;
        job(33, "\"capAdd\":[\"SYS_ADMIN\"]", code, "/capAdd");
        job(33, "\"securityOpt\":[\"seccomp=unconfined\"]", code, "/securityOpt");
        job(33, "\"pid\":\"host\"", code, "/pid");
        rejected(33, job("\"privileged\":true"), code, "/privileged");
        rejected(33, job("\"capabilities\":[\"SYS_ADMIN\"]"), code, "/capabilities");
        rejected(33, job("\"network\":\"host\""), code, "/network");
        rejected(33, job("\"hostNamespaces\":[\"pid\"]"), code, "/hostNamespaces");
        rejected(33, job("\"devices\":[\"/dev/fuse\"]"), code, "/devices/0");
        rejected(33, job("\"securityOptions\":[\"apparmor=unconfined\"]"), code, "/securityOpt");
        rejected(33, job("\"runtime\":\"evil\""), code, "/runtime");
    }

    private void raw(int number, String what, String value, RefusalCode code) {
        bytes(number, what, value.getBytes(UTF_8), code);
    }

    private void bytes(int number, String what, byte @Nullable [] value, RefusalCode code) {
        rows.add(new Row(number, what, "bad-" + rows.size(), value, code, "", false));
    }

    /** Of a start that would be fine but for these fields. */
    private void job(int number, String fields, RefusalCode code, String field) {
        bad(number, job(fields).substring(1, job(fields).length() - 1), code, field);
    }

    private void bad(int number, String fields, RefusalCode code, String field) {
        add(number, "{" + fields + "}", code, field, false);
    }

    private void rejected(int number, String json, RefusalCode code, String field) {
        add(number, json.startsWith("{") ? json : "{" + json + "}", code, field, true);
    }

    private void add(int number, String json, RefusalCode code, String field, boolean rejected) {
        String what = json.length() > 60 ? json.substring(0, 60) + "…" : json;
        String key = "bad-" + rows.size();
        rows.add(new Row(number, what, key, json.getBytes(UTF_8), code, field, rejected));
    }

    private static String job(String fields) {
        return "{\"image\":\"busybox\"," + fields + "}";
    }

    private static String env(String name, String value) {
        return "\"environment\":{\"" + name + "\":\"" + value + "\"}";
    }

    private static String label(String name, String value) {
        return "\"labels\":{\"" + name + "\":\"" + value + "\"}";
    }

    private static String bind(String source, String target) {
        return "\"inputs\":[{\"type\":\"bind\",\"source\":\""
                + source
                + "\",\"target\":\""
                + target
                + "\"}]";
    }

    private static String words(int many) {
        return IntStream.range(0, many)
                .mapToObj(i -> "\"x\"")
                .collect(Collectors.joining(",", "[", "]"));
    }
}
