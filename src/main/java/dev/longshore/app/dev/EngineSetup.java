package dev.longshore.app.dev;

import dev.longshore.app.dev.DockerDaemon.Layout;
import dev.longshore.app.dev.DockerDaemon.Networking;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Sees to it that a Docker engine answers: uses the one that does, else starts the one installed,
 * else installs one (Debian and its kin, as root) and starts that. Safe to call again and from
 * several processes at once. Blocks the calling thread, an installation for a minute or so.
 */
public final class EngineSetup {
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final Duration START = Duration.ofSeconds(30);
    private static final Duration APT = Duration.ofMinutes(5);
    private static final ReentrantLock WITHIN_THIS_PROCESS = new ReentrantLock();

    private final Machine machine;
    private final Consumer<String> progress;

    /**
     * Makes one.
     *
     * @param machine where it works
     * @param progress is told of each step in a line
     */
    public EngineSetup(Machine machine, Consumer<String> progress) {
        this.machine = machine;
        this.progress = progress;
    }

    /**
     * Makes an engine answer at the machine's address.
     *
     * @return what the engine says about itself
     * @throws SetupException where that cannot be done from here; its remedy says what a person can
     *     do
     */
    public EngineFacts ensure() throws SetupException, InterruptedException {
        EngineApi api = new EngineApi(machine.engine());
        try {
            if (api.answers(PATIENCE)) {
                return found(api);
            }
            refuseWhatCannotBeHelped(api.address());
            progress.accept("no Docker engine answers at " + api.address());
            return locked(
                    () -> {
                        if (!api.answers(PATIENCE)) {
                            install();
                            if (!answersSoon(api)) {
                                startByHand();
                            }
                        }
                        return found(api);
                    });
        } catch (IOException e) {
            throw new SetupException(
                    "the Docker engine could not be set up: " + e.getMessage(),
                    machine.howToGetAnEngine(),
                    e);
        }
    }

    /** Installs {@code dockerd} where it is missing, and starts nothing itself. */
    public void install() throws SetupException, IOException, InterruptedException {
        if (Commands.find("dockerd") != null) {
            return;
        }
        if (!machine.root() || !machine.debian()) {
            throw new SetupException("no Docker engine is installed", machine.howToGetAnEngine());
        }
        progress.accept("installing docker.io and iptables by apt (about 65 MB; takes a minute)");
        apt("docker.io", "iptables");
        progress.accept("docker.io is installed");
    }

    private EngineFacts found(EngineApi api) throws IOException {
        EngineFacts facts = api.facts();
        progress.accept(facts.line() + " answers at " + api.address());
        return facts;
    }

    private void refuseWhatCannotBeHelped(EngineAddress address) throws SetupException {
        Path socket = address.socketFile();
        if (socket != null && Files.exists(socket) && !Files.isWritable(socket)) {
            throw new SetupException(
                    "this user may not talk to the Docker engine at " + address,
                    "sudo usermod -aG docker $USER   # then log in again");
        }
        if (!address.equals(EngineAddress.DEFAULT)) {
            throw new SetupException(
                    "no Docker engine answers at " + address + " (DOCKER_HOST)",
                    "start that engine, or unset DOCKER_HOST to use " + EngineAddress.DEFAULT);
        }
        if (!machine.linux() || !machine.root()) {
            throw new SetupException(
                    "no Docker engine answers at " + address, machine.howToGetAnEngine());
        }
    }

    /** A package's own scripts, or another process of ours, may have started it. */
    private boolean answersSoon(EngineApi api) throws IOException, InterruptedException {
        if (machine.systemd()) {
            Commands.Ended ended = Commands.run(START, "systemctl", "start", "docker");
            if (!ended.ok()) {
                progress.accept("systemctl start docker: " + ended.tail(1));
            }
        }
        Layout layout = Layout.ofMachine(log());
        long deadline = System.nanoTime() + START.toNanos();
        while (!api.answers(PATIENCE)) {
            if (DockerDaemon.runningPid(layout.pidFile(), "dockerd") == null
                    || System.nanoTime() > deadline) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        return true;
    }

    private void startByHand() throws SetupException, IOException, InterruptedException {
        Layout layout = Layout.ofMachine(log());
        Long other = DockerDaemon.runningPid(layout.pidFile(), "dockerd");
        if (other != null) {
            throw new SetupException(
                    "dockerd runs already (process "
                            + other
                            + ") and does not answer at "
                            + layout.address(),
                    "see its log, or end it (kill " + other + ") and try again");
        }
        progress.accept("starting dockerd; its log is " + layout.log());
        try {
            DockerDaemon.start(layout, Networking.BRIDGE, START);
        } catch (SetupException e) {
            if (!isAboutNetwork(String.valueOf(e.getMessage()))) {
                throw e;
            }
            progress.accept("no bridge network can be made here: " + e.getMessage());
            progress.accept(
                    "starting dockerd without one: containers run with network none (the default)"
                            + " or host");
            DockerDaemon.start(layout, Networking.NONE, START);
        }
    }

    private static boolean isAboutNetwork(String message) {
        return List.of(
                        "iptables",
                        "bridge",
                        "network controller",
                        "nftables",
                        "netlink",
                        "ip_forward")
                .stream()
                .anyMatch(message::contains);
    }

    private Path log() {
        return Path.of("/var/log/longshore-dockerd.log");
    }

    private void apt(String... packages) throws SetupException, IOException, InterruptedException {
        boolean fresh = false;
        if (!hasLists()) {
            update();
            fresh = true;
        }
        List<String> words =
                new java.util.ArrayList<>(
                        List.of(
                                "apt-get",
                                "install",
                                "-y",
                                "--no-install-recommends",
                                "-o",
                                "DPkg::Lock::Timeout=120"));
        words.addAll(List.of(packages));
        Commands.Ended ended = Commands.run(null, APT, words);
        if (!ended.ok() && !fresh) {
            update();
            ended = Commands.run(null, APT, words);
        }
        if (!ended.ok()) {
            throw new SetupException(
                    "apt-get could not install "
                            + String.join(", ", packages)
                            + ": "
                            + ended.tail(3),
                    machine.howToGetAnEngine());
        }
    }

    private void update() throws SetupException, IOException, InterruptedException {
        progress.accept("apt-get update");
        Commands.Ended ended =
                Commands.run(APT, "apt-get", "update", "-o", "DPkg::Lock::Timeout=120");
        if (!ended.ok()) {
            throw new SetupException(
                    "apt-get update: " + ended.tail(3), machine.howToGetAnEngine());
        }
    }

    static boolean hasLists() throws IOException {
        Path lists = Path.of("/var/lib/apt/lists");
        if (!Files.isDirectory(lists)) {
            return false;
        }
        try (var files = Files.list(lists)) {
            return files.anyMatch(file -> file.getFileName().toString().contains("_Packages"));
        }
    }

    private <T> T locked(Work<T> work) throws SetupException, IOException, InterruptedException {
        Path file = Path.of("/var/lock/longshore-engine.lock");
        WITHIN_THIS_PROCESS.lockInterruptibly();
        try (FileChannel channel =
                        FileChannel.open(
                                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = channel.lock()) {
            if (!held.isValid()) {
                throw new IOException("lock lost: " + file);
            }
            return work.run();
        } catch (AccessDeniedException e) {
            throw new SetupException("cannot lock " + file, machine.howToGetAnEngine(), e);
        } finally {
            WITHIN_THIS_PROCESS.unlock();
        }
    }

    /** What runs under the lock. */
    private interface Work<T> {
        T run() throws SetupException, IOException, InterruptedException;
    }
}
