package dev.longshore.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Random;

/**
 * Random records, each of which can be made again from the seed and its number. A start that is
 * well-formed by chance names an image that the node's policy refuses; a control, nobody it knows.
 */
final class FuzzMessages {
    private static final String START =
            """
            {"jobId":"j","executionId":"ID","image":"evil.example/x","command":["sh","-c","echo hi"],
            "environment":{"NAME":"value"},"workingDirectory":"/app","user":"1000:1000","init":true,
            "pullPolicy":"missing","network":"none","shmSize":"64MiB","tmpfs":{"/tmp":"64MiB"},
            "ulimits":{"nofile":4096},"labels":{"team":"media"},"stopSignal":"SIGTERM","stopGrace":"10s",
            "resources":{"cpu":0.5,"memory":"64MiB","pids":256},
            "inputs":[{"type":"inline","target":"/in/a","content":"text","mode":"0644"}],
            "outputs":[{"name":"thumbs","target":"/out"}],
            "provision":[{"name":"10-setup","script":"#!/bin/sh\\nexit 0\\n"}],
            "timeouts":{"queue":"1h","pull":"10m","run":"30m"},
            "retry":{"maxAttempts":2,"on":["infra_lost"],"backoff":"5s"}}\
            """;

    private static final List<String> BASES =
            List.of(
                    START,
                    START.replace("\"executionId\":\"ID\",", ""),
                    "{\"image\":\"evil.example/x\"}",
                    "{\"type\":\"cancel\",\"executionId\":\"ID\",\"reason\":\"enough\"}",
                    "{\"type\":\"extend\",\"executionId\":\"ID\",\"timeouts\":{\"run\":\"1h\"}}",
                    "{\"type\":\"signal\",\"executionId\":\"ID\",\"signal\":\"SIGHUP\"}",
                    "{\"type\":\"prefetch\",\"nodeId\":\"nobody\",\"image\":\"evil.example/x\"}");

    private static final List<String> VALUES =
            List.of(
                    "null",
                    "true",
                    "-1",
                    "0",
                    "1e400",
                    "1e999999999",
                    "-0.0",
                    "NaN",
                    "9223372036854775808",
                    "9".repeat(500),
                    "\"\"",
                    "\"\\u0000\"",
                    "\"\\ud800\"",
                    "\"\\ud83d\\ude00\"",
                    "\"\u202e\u0430\ufeff\"",
                    "\"../../etc/shadow\"",
                    "[]",
                    "{}",
                    "[null]",
                    "{\"\":{}}",
                    "\"1g\"",
                    "\"P99999999999Y\"");

    private static final List<String> NAMES =
            List.of(
                    "image",
                    "command",
                    "type",
                    "executionId",
                    "resources",
                    "memory",
                    "inputs",
                    "data",
                    "__proto__",
                    "",
                    "specversion",
                    "\u0438\u043c\u044f",
                    "privileged",
                    "x");

    private final long seed;

    FuzzMessages(long seed) {
        this.seed = seed;
    }

    /** A record's key, value and headers. */
    record Fuzz(byte @Nullable [] key, byte @Nullable [] value, RecordHeaders headers) {}

    /** The record of this number. */
    Fuzz make(int number) {
        Random random = new Random(seed * 1_000_003 + number);
        String id = "f" + number;
        byte[] key =
                switch (random.nextInt(4)) {
                    case 0 -> bytes(random, random.nextInt(32));
                    case 1 -> null;
                    default -> id.getBytes(UTF_8);
                };
        RecordHeaders headers = new RecordHeaders();
        if (random.nextInt(10) == 0) {
            headers.add("content-type", "application/cloudevents+json".getBytes(UTF_8));
        }
        if (random.nextInt(20) == 0) {
            headers.add(random.nextBoolean() ? "traceparent" : "ce_type", bytes(random, 20));
        }
        return new Fuzz(key, value(random, id), headers);
    }

    private static byte @Nullable [] value(Random random, String id) {
        String base = BASES.get(random.nextInt(BASES.size())).replace("ID", id);
        return switch (random.nextInt(12)) {
            case 0 -> bytes(random, random.nextInt(512));
            case 1 -> random.nextInt(10) == 0 ? null : soup(random).getBytes(UTF_8);
            case 2, 3 -> tree(random, 6).getBytes(UTF_8);
            case 4, 5 -> flipped(random, base.getBytes(UTF_8));
            case 6 -> base.substring(0, random.nextInt(base.length())).getBytes(UTF_8);
            case 7, 8 -> revalued(random, base).getBytes(UTF_8);
            case 9 -> inserted(random, base, member(random, 3) + ",").getBytes(UTF_8);
            case 10 -> inserted(random, base, nested(random) + ",").getBytes(UTF_8);
            default -> twice(random, base).getBytes(UTF_8);
        };
    }

    private static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static String soup(Random random) {
        String tokens = "{}[]\":,\\ntrue0123eE+-./*'\u0001\u2028 ";
        StringBuilder soup = new StringBuilder();
        for (int i = random.nextInt(200); i > 0; i--) {
            soup.append(tokens.charAt(random.nextInt(tokens.length())));
        }
        return soup.toString();
    }

    private static String tree(Random random, int depth) {
        int members = random.nextInt(4);
        return switch (depth == 0 ? 2 : random.nextInt(4)) {
            case 0 -> {
                StringBuilder array = new StringBuilder("[");
                for (int i = 0; i < members; i++) {
                    array.append(i == 0 ? "" : ",").append(tree(random, depth - 1));
                }
                yield array.append(']').toString();
            }
            case 1, 3 -> {
                StringBuilder object = new StringBuilder("{");
                for (int i = 0; i < members; i++) {
                    object.append(i == 0 ? "" : ",").append(member(random, depth - 1));
                }
                yield object.append('}').toString();
            }
            default -> VALUES.get(random.nextInt(VALUES.size()));
        };
    }

    private static String member(Random random, int depth) {
        return '"' + NAMES.get(random.nextInt(NAMES.size())) + "\":" + tree(random, depth);
    }

    private static byte[] flipped(Random random, byte[] base) {
        for (int i = random.nextInt(8); i >= 0; i--) {
            base[random.nextInt(base.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return base;
    }

    /** With another value where one began. */
    private static String revalued(Random random, String base) {
        int colon = base.indexOf(':', random.nextInt(base.length()));
        int at = colon < 0 ? base.indexOf(':') : colon;
        int comma = base.indexOf(',', at);
        int end = comma < 0 ? base.length() - 1 : comma;
        return base.substring(0, at + 1)
                + VALUES.get(random.nextInt(VALUES.size()))
                + base.substring(end);
    }

    /** With more at the beginning of an object. */
    private static String inserted(Random random, String base, String more) {
        int brace = base.indexOf('{', random.nextInt(base.length()));
        int at = Math.max(brace, 0) + 1;
        return base.substring(0, at) + more + base.substring(at);
    }

    private static String nested(Random random) {
        int levels = 1 + random.nextInt(random.nextInt(50) == 0 ? 20_000 : 100);
        boolean arrays = random.nextBoolean();
        return "\"environment\":"
                + (arrays ? "[" : "{\"a\":").repeat(levels)
                + "1"
                + (arrays ? "]" : "}").repeat(levels);
    }

    private static String twice(Random random, String base) {
        int quote = base.indexOf('"', random.nextInt(base.length()));
        int comma = base.indexOf(',', Math.max(quote, 0));
        String member = comma < 0 ? "\"type\":\"x\"" : base.substring(base.indexOf('"'), comma);
        return inserted(random, base, member + ",");
    }
}
