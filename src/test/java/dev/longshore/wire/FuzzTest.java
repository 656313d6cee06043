package dev.longshore.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.JobCommand;

import org.junit.jupiter.api.Test;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.Objects;
import java.util.Random;

class FuzzTest {
    private static final int ROUNDS = 25_000;

    /**
     * Of this thread's own processor time, far above what any message needs: only runaway work is
     * found.
     */
    private static final long MOST_NANOS = 5_000_000_000L;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private static final String[] SEEDS = {
        "{\"jobId\":\"j\",\"executionId\":\"e\",\"engine\":\"docker\",\"image\":\"a.b:1/c/d:t\",\"entrypoint\":[\"x\"],\"command\":[\"sh\",\"-c\",\"echo"
            + " hi\"],\"environment\":{\"N\":\"v\"},\"workingDirectory\":\"/app\","
            + "\"user\":\"1:1\",\"pullPolicy\":\"missing\",\"labels\":{\"t\":\"m\"},\"stopSignal\":15,\"stopGrace\":\"10s\","
            + "\"resources\":{\"cpu\":0.5,\"memory\":\"64MiB\",\"pids\":256},\"timeouts\":{\"run\":\"PT30M\"}}",
        "{\"image\":\"a\",\"platform\":\"linux/arm/v7\",\"registryAuth\":\"h\",\"init\":true,\"tty\":false,"
            + "\"capabilities\":[\"CHOWN\"],\"network\":\"bridge\",\"ports\":[{\"container\":80,\"host\":0,"
            + "\"protocol\":\"tcp\",\"hostIp\":\"::1\"}],\"dns\":[\"10.0.0.2\"],\"extraHosts\":[\"a:::1\"]}",
        "{\"image\":\"a\",\"shmSize\":\"64MiB\",\"tmpfs\":{\"/tmp\":1},\"ulimits\":{\"nofile\":4096,"
            + "\"core\":{\"soft\":0,\"hard\":-1}},\"resources\":{\"gpus\":{\"vendor\":\"nvidia\",\"count\":1,"
            + "\"ids\":[\"GPU-1\"],\"model\":\"H200\",\"minMemory\":\"40GiB\"}},\"timeouts\":{\"queue\":\"1h\"}}",
        "{\"image\":\"a\",\"inputs\":[{\"type\":\"bind\",\"source\":\"/s\",\"target\":\"/t\",\"readOnly\":true},"
            + "{\"type\":\"inline\",\"target\":\"/i\",\"content\":\"c\",\"mode\":\"0644\"}],\"outputs\":[{\"name\":\"o\",\"target\":\"/o\"}],"
            + "\"provision\":[{\"name\":\"p\",\"script\":\"#!/bin/sh\"}],\"retry\":{\"maxAttempts\":2,"
            + "\"on\":[\"oom_killed\"],\"backoff\":\"5s\"}}",
        "{\"image\":\"a\",\"privileged\":true,\"devices\":[\"/dev/a:/dev/b:rwm\"],\"securityOptions\":[\"a=b\"],"
            + "\"runtime\":\"runc\",\"hostNamespaces\":[\"pid\"],\"network\":\"container:x\"}",
        "{\"type\":\"prefetch\",\"nodeId\":\"n\",\"image\":\"a\",\"platform\":\"linux/amd64\"}",
        "{\"type\":\"signal\",\"executionId\":\"e\",\"signal\":1}",
        "{\"type\":\"extend\",\"executionId\":\"e\",\"timeouts\":{\"run\":\"1h\"}}",
        "{\"image\":\"busybox\",\"command\":[\"echo\",\"hi\"]}",
        "{\"type\":\"cancel\",\"executionId\":\"e\",\"reason\":\"r\"}",
        "{\"type\":\"cleanup\",\"nodeId\":\"n\"}",
        "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/me\",\"type\":\"t\",\"data\":{\"image\":\"a\"}}"
    };

    private static final String[] PIECES = {
        "{",
        "}",
        "[",
        "]",
        "\"",
        ":",
        ",",
        "null",
        "true",
        "-1",
        "1e999",
        "0.0",
        "\\u0000",
        "\\ud800",
        "\"image\"",
        "{}",
        "[]",
        "\u202e",
        "\0",
        "é",
        "\uD83D\uDE00",
        "9999999999999999999999",
        "\"a\":",
        "/",
        ".",
        "..",
        "@sha256:",
        " ",
        "\n"
    };

    private final CommandCodec commands = new CommandCodec();
    private final EventCodec events = new EventCodec();

    @Test
    void random_bytes_are_a_command_or_a_refusal_in_bounded_time() {
        Random random = new Random(20260103);
        long longest = 0;
        for (int i = 0; i < ROUNDS; i++) {
            byte[] bytes = new byte[random.nextInt(80)];
            random.nextBytes(bytes);
            longest = Math.max(longest, nanosOf(bytes, random));
        }
        assertThat(longest).isLessThan(MOST_NANOS);
    }

    @Test
    void mutated_commands_are_a_command_or_a_refusal_in_bounded_time() {
        Random random = new Random(20260104);
        long longest = 0;
        for (int i = 0; i < ROUNDS; i++) {
            String text = SEEDS[random.nextInt(SEEDS.length)];
            for (int j = random.nextInt(4); j >= 0; j--) {
                text = mutated(text, random);
            }
            byte[] bytes = WireFixtures.utf8(text);
            if (random.nextInt(10) == 0 && bytes.length > 0) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            longest = Math.max(longest, nanosOf(bytes, random));
        }
        assertThat(longest).isLessThan(MOST_NANOS);
    }

    @Test
    void the_largest_and_worst_are_refused_in_bounded_time() {
        Random random = new Random(20260105);
        String[] worst = {
            "{\"image\":\"a\",\"command\":[" + "1,".repeat(500_000) + "1]}",
            "{\"image\":\"a\",\"environment\":{" + many("\"k%d\":\"\"") + "}}",
            "{\"image\":\"a\",\"tmpfs\":{" + many("\"/k%d\":1") + "}}",
            "{\"image\":\"a\",\"tmpfs\":{\"/" + "a/".repeat(250_000) + "\":1}}",
            "{\"image\":\"a\",\"ulimits\":{" + many("\"k%d\":1") + "}}",
            "{\"image\":\"a\",\"dns\":[\"" + ":".repeat(1_000_000) + "\"]}",
            "{\"image\":\"a\",\"network\":\"" + "a".repeat(1_000_000) + "\"}",
            "{\"image\":\"a\",\"extraHosts\":[\"" + "a.".repeat(150) + ":\"]}",
            "{\"image\":\"a\",\"ports\":[" + "{\"container\":1},".repeat(50_000) + "1]}",
            "{\"image\":\"a\",\"inputs\":[{\"type\":\"bind\",\"source\":\"/"
                    + "a/".repeat(250_000)
                    + "\",\"target\":\"/t\"}]}",
            "{\"image\":\"a\",\"outputs\":[" + "{\"name\":\"a\"},".repeat(50_000) + "1]}",
            "{\"image\":\"a\",\"devices\":[\"" + ":".repeat(1_000_000) + "\"]}",
            "{\"image\":\"a\",\"labels\":{" + many("\"k%d\":\"\"") + "}}",
            "{\"image\":\"a\"," + many("\"k%d\":0") + "}",
            "{\"image\":\"" + "a-".repeat(500_000) + "\"}",
            "{\"image\":\"" + "a-".repeat(250) + "\"}",
            "{\"image\":\"" + "a".repeat(500) + "!\"}",
            "{\"image\":\"a\",\"stopGrace\":\"" + "1".repeat(1_000_000) + "\"}",
            "{\"image\":\"a\",\"user\":\"" + "a".repeat(1_000_000) + "\"}",
            "{\"" + "x".repeat(1_000_000) + "\":1}",
            "{\"image\":\"a\",\"resources\":{\"cpu\":" + "1".repeat(399) + "}}"
        };
        long longest = 0;
        for (String json : worst) {
            longest = Math.max(longest, nanosOf(WireFixtures.utf8(json), random));
            assertThat(commands.startBody(WireFixtures.utf8(json)))
                    .isInstanceOf(Decoded.Malformed.class);
        }
        assertThat(longest).isLessThan(MOST_NANOS);
    }

    private static String many(String member) {
        StringBuilder members = new StringBuilder();
        for (int i = 0; i < 60_000; i++) {
            members.append(i == 0 ? "" : ",").append(String.format(member, i));
        }
        return members.toString();
    }

    private static String mutated(String text, Random random) {
        int at = random.nextInt(text.length() + 1);
        int end = Math.min(text.length(), at + random.nextInt(6));
        return switch (random.nextInt(4)) {
            case 0 -> text.substring(0, at) + text.substring(end);
            case 1 -> text.substring(0, at) + text.substring(at, end) + text.substring(at);
            case 2 -> text.substring(0, at);
            default ->
                    text.substring(0, at)
                            + PIECES[random.nextInt(PIECES.length)]
                            + text.substring(end);
        };
    }

    private long nanosOf(byte[] value, Random random) {
        byte[] key = random.nextInt(4) == 0 ? value : null;
        List<Header> headers =
                random.nextInt(4) == 0
                        ? List.of(Header.of("content-type", "application/cloudevents+json"))
                        : List.of();
        Message message = new Message(key, value, headers);
        long start = THREADS.getCurrentThreadCpuTime();
        for (Decoded decoded :
                List.of(commands.start(message, "t-0-0"), commands.control(message))) {
            if (decoded instanceof Decoded.Malformed malformed) {
                String shown = malformed.refusal().message();
                if (shown.length() > 500 || shown.chars().anyMatch(Character::isISOControl)) {
                    throw new AssertionError("not fit to be shown: " + shown);
                }
            }
        }
        long took = THREADS.getCurrentThreadCpuTime() - start;
        if (value.length % 4 == 0) {
            writesWhatItRead(message);
        }
        readsOrSaysSo(message);
        return took;
    }

    /** What was accepted is written in a form that reads back equal. */
    private void writesWhatItRead(Message message) {
        for (Decoded decoded :
                List.of(commands.startBody(value(message)), commands.control(message))) {
            if (decoded instanceof Decoded.Command(JobCommand command)) {
                byte[] written = commands.encode(command);
                Decoded again =
                        command instanceof JobCommand.Start
                                ? commands.startBody(written)
                                : commands.control(new Message(null, written, List.of()));
                assertThat(again).isEqualTo(decoded);
            }
        }
    }

    private static byte[] value(Message message) {
        return Objects.requireNonNull(message.value());
    }

    private void readsOrSaysSo(Message message) {
        try {
            assertThat(events.readStatus(message)).isNotNull();
        } catch (WireException e) {
            assertThat(e).hasMessageNotContaining("\n");
        }
    }
}
