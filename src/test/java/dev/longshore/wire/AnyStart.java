package dev.longshore.wire;

import dev.longshore.job.EngineSpec;
import dev.longshore.job.ExecutionId;
import dev.longshore.job.ExecutionRequest;
import dev.longshore.job.GpuRequest;
import dev.longshore.job.GpuVendor;
import dev.longshore.job.Isolation;
import dev.longshore.job.JobId;
import dev.longshore.job.Networking;
import dev.longshore.job.PortBinding;
import dev.longshore.job.Privileges;
import dev.longshore.job.PullPolicy;
import dev.longshore.job.Resources;
import dev.longshore.job.Timeouts;
import dev.longshore.job.Ulimit;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;

/** Any start command, from a seed. */
final class AnyStart {
    private AnyStart() {}

    static ExecutionRequest of(Random random) {
        JobId job = new JobId(id(random));
        EngineSpec engine =
                new EngineSpec(
                        id(random).toLowerCase(Locale.ROOT).replaceAll("[_-]", "")
                                + ":"
                                + id(random),
                        words(random),
                        words(random),
                        texts(random),
                        maybe(random, () -> "/" + printable(random)),
                        maybe(random, () -> id(random) + ":" + random.nextInt(65536)),
                        List.of(PullPolicy.values()).get(random.nextInt(3)),
                        Map.of("k" + id(random), printable(random)),
                        maybe(random, () -> Signals.name(String.valueOf(1 + random.nextInt(31)))),
                        maybe(
                                random,
                                () -> Duration.ofMillis(1 + random.nextInt(Integer.MAX_VALUE))),
                        maybe(random, () -> random.nextBoolean() ? "linux/amd64" : "linux/arm/v7"),
                        maybe(random, () -> id(random)),
                        isolation(random),
                        networking(random));
        Resources resources =
                new Resources(
                        maybe(
                                random,
                                () ->
                                        Resources.LEAST_CPU_NANOS
                                                + random.nextInt(Integer.MAX_VALUE)),
                        maybe(
                                random,
                                () -> Resources.LEAST_MEMORY_BYTES + random.nextLong(1L << 50)),
                        maybe(random, () -> 1 + random.nextInt(4_000_000)),
                        maybe(random, () -> gpus(random)));
        Timeouts timeouts =
                new Timeouts(
                        maybe(random, () -> time(random)),
                        maybe(random, () -> time(random)),
                        maybe(random, () -> time(random)),
                        maybe(random, () -> time(random)));
        return new StartSpec(
                        job,
                        engine,
                        resources,
                        timeouts,
                        AnyFiles.files(random),
                        AnyFiles.retry(random))
                .request(
                        new ExecutionId(id(random)),
                        maybe(random, () -> Instant.ofEpochMilli(random.nextLong(1L << 42))),
                        null);
    }

    private static Duration time(Random random) {
        return Duration.ofNanos(1_000_000 + random.nextLong(1L << 50));
    }

    private static Isolation isolation(Random random) {
        Map<String, Long> tmpfs = new LinkedHashMap<>();
        Map<String, Ulimit> ulimits = new LinkedHashMap<>();
        Set<String> capabilities = new LinkedHashSet<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            tmpfs.put("/" + id(random) + "/.~" + id(random), 1 + random.nextLong(1L << 50));
            ulimits.put(any(random, "nofile", "core", "rtprio"), ulimit(random));
            capabilities.add(any(random, "CHOWN", "SYS_ADMIN", "BPF", "NET_RAW"));
        }
        return new Isolation(
                capabilities,
                random.nextBoolean(),
                random.nextBoolean(),
                random.nextBoolean(),
                maybe(random, () -> 1 + random.nextLong(1L << 50)),
                tmpfs,
                ulimits,
                random.nextInt(3) == 0 ? AnyFiles.privileges(random) : Privileges.NONE);
    }

    private static Ulimit ulimit(Random random) {
        long hard = random.nextLong(-1, Long.MAX_VALUE);
        return switch (random.nextInt(4)) {
            case 0 -> new Ulimit(hard, hard);
            case 1 -> new Ulimit(random.nextLong(-1, Long.MAX_VALUE), -1);
            case 2 -> new Ulimit(Long.MAX_VALUE, Long.MAX_VALUE);
            default -> new Ulimit(hard < 0 ? 7 : hard / 2, hard);
        };
    }

    private static Networking networking(Random random) {
        List<PortBinding> ports = new ArrayList<>();
        List<String> dns = new ArrayList<>();
        List<String> hosts = new ArrayList<>();
        String network = any(random, "none", "bridge", "net.of-mine_1", "host", "container:a_b.c");
        for (int i = random.nextInt(4); i > 0; i--) {
            dns.add(address(random));
            hosts.add(id(random) + ".example:" + address(random));
            if (network.equals("bridge") || network.startsWith("net")) {
                // Ports of their own each, so that no two collide.
                int host = random.nextBoolean() ? 0 : 1000 * i + random.nextInt(1000);
                ports.add(
                        new PortBinding(
                                10_000 * i + random.nextInt(10_000),
                                host,
                                List.of(PortBinding.Protocol.values()).get(random.nextInt(3)),
                                address(random)));
            }
        }
        return new Networking(network, ports, dns, hosts);
    }

    private static String address(Random random) {
        return any(
                random,
                "127.0.0.1",
                "0.0.0.0",
                "255.255.255.255",
                "10.1.2." + random.nextInt(256),
                "::",
                "::1",
                "fe80::",
                "2001:db8::ff00:42:" + Integer.toHexString(1 + random.nextInt(0xffff)),
                "1:0:2::3:0");
    }

    private static GpuRequest gpus(Random random) {
        List<String> ids =
                random.nextBoolean() ? List.of() : List.of("GPU-" + id(random), "0000:65:00.0");
        return new GpuRequest(
                List.of(GpuVendor.values()).get(random.nextInt(3)),
                ids.isEmpty() ? 1 + random.nextInt(1024) : ids.size(),
                ids,
                maybe(random, () -> "H" + printable(random)),
                maybe(random, () -> 1 + random.nextLong(1L << 50)));
    }

    static String any(Random random, String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private static <T> @Nullable T maybe(Random random, Supplier<? extends @Nullable T> value) {
        return random.nextBoolean() ? value.get() : null;
    }

    static String id(Random random) {
        String alphabet = "abcXYZ019_-";
        StringBuilder id = new StringBuilder("a");
        for (int i = random.nextInt(60); i > 0; i--) {
            id.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return id.toString();
    }

    private static List<String> words(Random random) {
        List<String> words = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            words.add(text(random));
        }
        return words;
    }

    private static Map<String, String> texts(Random random) {
        Map<String, String> texts = new LinkedHashMap<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            texts.put("N" + id(random), text(random));
        }
        return texts;
    }

    static String printable(Random random) {
        return text(random).replaceAll("[\\x00-\\x1f\\x7f-\\x9f]", "");
    }

    /** Any characters but NUL and halves of pairs. */
    static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(20); i > 0; i--) {
            int point =
                    random.nextInt(4) == 0
                            ? 1 + random.nextInt(0x10FFFF)
                            : 1 + random.nextInt(0x17F);
            text.appendCodePoint(point >= 0xD800 && point <= 0xDFFF ? 'x' : point);
        }
        return text.toString();
    }
}
