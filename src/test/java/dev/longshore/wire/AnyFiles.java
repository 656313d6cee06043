package dev.longshore.wire;

import dev.longshore.job.Input;
import dev.longshore.job.JobFiles;
import dev.longshore.job.Output;
import dev.longshore.job.Privileges;
import dev.longshore.job.Privileges.Device;
import dev.longshore.job.Privileges.HostNamespace;
import dev.longshore.job.ProvisionScript;
import dev.longshore.job.Reason;
import dev.longshore.job.Retry;
import dev.longshore.job.SecretUse;
import dev.longshore.job.WebAddress;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;

/** Any files, retries and rights over the host of a start command, from a seed. */
final class AnyFiles {
    private static final List<Reason> RETRIED =
            List.of(
                    Reason.INFRA_LOST,
                    Reason.NODE_LOST,
                    Reason.IMAGE_PULL_FAILED,
                    Reason.OOM_KILLED,
                    Reason.DISK_LIMIT,
                    Reason.INPUT_FAILED,
                    Reason.NON_ZERO_EXIT);

    private AnyFiles() {}

    static JobFiles files(Random random) {
        List<Input> inputs = new ArrayList<>();
        List<Output> outputs = new ArrayList<>();
        List<ProvisionScript> scripts = new ArrayList<>();
        List<SecretUse> secrets = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            inputs.add(input(random, "/i" + i + "/" + name(random)));
            // Numbered, so that no two are the same whatever their case.
            outputs.add(new Output("o" + i + AnyStart.id(random), "/o" + i + "/" + name(random)));
            scripts.add(
                    new ProvisionScript(
                            i + AnyStart.id(random), "#!/bin/sh\n" + AnyStart.text(random)));
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            String name = AnyStart.id(random) + ".s";
            secrets.add(
                    random.nextBoolean()
                            ? new SecretUse.Variable(name, "~" + i + AnyStart.id(random))
                            : new SecretUse.File(name, "/s" + i + "/a", random.nextInt(512)));
        }
        return new JobFiles(inputs, outputs, scripts, secrets);
    }

    private static Input input(Random random, String target) {
        return switch (random.nextInt(5)) {
            case 0 -> new Input.Bind("/" + name(random), target, random.nextBoolean());
            case 1 -> new Input.Volume(AnyStart.id(random) + ".v", target, random.nextBoolean());
            case 2 ->
                    new Input.Inline(
                            target, WireFixtures.utf8(AnyStart.text(random)), random.nextInt(512));
            case 3 ->
                    new Input.Http(
                            Objects.requireNonNull(
                                    WebAddress.parse(
                                            "https://files.example.org:8443/"
                                                    + AnyStart.id(random)
                                                    + "?sig=%2F")),
                            "0123456789abcdef".repeat(4),
                            target,
                            random.nextInt(512));
            default -> {
                byte[] content = new byte[random.nextInt(40)];
                random.nextBytes(content);
                yield new Input.Inline(target, content, Input.Inline.DEFAULT_MODE);
            }
        };
    }

    static Retry retry(Random random) {
        if (random.nextBoolean()) {
            return Retry.NONE;
        }
        Set<Reason> reasons = EnumSet.of(RETRIED.get(random.nextInt(RETRIED.size())));
        reasons.add(RETRIED.get(random.nextInt(RETRIED.size())));
        return new Retry(
                1 + random.nextInt(Retry.MOST_ATTEMPTS),
                random.nextBoolean() ? Retry.NONE.on() : reasons,
                Duration.ofMillis(1 + random.nextInt(3_600_000)));
    }

    static Privileges privileges(Random random) {
        List<Device> devices = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            String host = "/dev/" + i + "/" + AnyStart.id(random);
            devices.add(
                    new Device(
                            host,
                            random.nextBoolean() ? host : "/d" + i,
                            AnyStart.any(random, "rwm", "r", "rm", "w")));
        }
        return new Privileges(
                random.nextBoolean(),
                devices,
                random.nextBoolean()
                        ? List.of()
                        : List.of("label=" + AnyStart.printable(random), "apparmor=unconfined"),
                random.nextBoolean() ? null : AnyStart.id(random),
                random.nextBoolean()
                        ? Set.of()
                        : EnumSet.of(HostNamespace.values()[random.nextInt(4)]),
                random.nextBoolean() ? List.of() : List.of("" + random.nextInt(99), "video"));
    }

    private static String name(Random random) {
        return "~" + AnyStart.printable(random).replace("/", "");
    }
}
