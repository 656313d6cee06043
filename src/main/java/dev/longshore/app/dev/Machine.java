package dev.longshore.app.dev;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * What kind of machine this is, as far as setting it up depends on it.
 *
 * @param environment the environment of this process
 * @param os name of the operating system, as Java gives it
 * @param root whether this process may do everything
 * @param debian whether packages come by apt
 * @param systemd whether systemd runs the machine's services
 */
public record Machine(
        Map<String, String> environment, String os, boolean root, boolean debian, boolean systemd) {
    /** Copies the environment. */
    public Machine {
        environment = Map.copyOf(environment);
    }

    /** This machine. */
    public static Machine here() {
        return new Machine(
                System.getenv(),
                System.getProperty("os.name", ""),
                isRoot(),
                Files.exists(Path.of("/etc/debian_version")) && Commands.find("apt-get") != null,
                Files.isDirectory(Path.of("/run/systemd/system")));
    }

    /** Whether it runs Linux. */
    public boolean linux() {
        return os.startsWith("Linux");
    }

    /** Where its engine listens, or would. */
    public EngineAddress engine() {
        return EngineAddress.from(environment);
    }

    /** How a person gets a Docker engine here. */
    public String howToGetAnEngine() {
        if (os.startsWith("Mac")) {
            return "install Docker Desktop (https://docs.docker.com/desktop/) or `brew install"
                    + " colima docker && colima start`, then `export"
                    + " DOCKER_HOST=unix://$HOME/.colima/default/docker.sock`";
        }
        if (os.startsWith("Windows")) {
            return "run Longshore within WSL 2, with Docker Desktop's WSL integration or docker.io"
                    + " installed there";
        }
        if (debian) {
            return "sudo apt-get update && sudo apt-get install -y docker.io iptables\n"
                    + (systemd ? "sudo systemctl enable --now docker" : "sudo dockerd &")
                    + "\nsudo usermod -aG docker $USER   # then log in again";
        }
        return "install Docker Engine (https://docs.docker.com/engine/install/), start it (sudo"
                + " systemctl enable --now docker) and let this user talk to it (sudo usermod"
                + " -aG docker $USER, then log in again)";
    }

    private static boolean isRoot() {
        try {
            return Files.exists(Path.of("/proc/self"))
                    && Integer.valueOf(0)
                            .equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }
}
