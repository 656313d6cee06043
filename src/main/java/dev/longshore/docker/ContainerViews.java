package dev.longshore.docker;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.NetworkSettings;
import com.github.dockerjava.api.model.Ports;

import dev.longshore.job.PortBinding;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The engine's answer to inspect as a {@link ContainerView}. Pure. */
final class ContainerViews {
    private ContainerViews() {}

    static ContainerView of(InspectContainerResponse answer) {
        InspectContainerResponse.ContainerState state = answer.getState();
        Map<String, String> labels = answer.getConfig().getLabels();
        String name = answer.getName();
        Long exitCode = state.getExitCodeLong();
        return new ContainerView(
                answer.getId(),
                name.startsWith("/") ? name.substring(1) : name,
                state(state.getStatus()),
                exitCode == null ? 0 : exitCode.intValue(),
                Boolean.TRUE.equals(state.getOOMKilled()),
                time(state.getStartedAt()),
                time(state.getFinishedAt()),
                state.getError() == null ? "" : DockerFailures.line(state.getError()),
                answer.getImageId(),
                labels == null ? Map.of() : labels,
                ports(answer.getNetworkSettings()));
    }

    /** One for each address of the host; a port that is only exposed has none. */
    private static List<PortBinding> ports(@Nullable NetworkSettings network) {
        Ports ports = network == null ? null : network.getPorts();
        if (ports == null) {
            return List.of();
        }
        List<PortBinding> found = new ArrayList<>();
        ports.getBindings()
                .forEach(
                        (port, bindings) -> {
                            for (Ports.Binding binding :
                                    bindings == null ? new Ports.Binding[0] : bindings) {
                                found.add(bound(port, binding));
                            }
                        });
        found.sort(
                Comparator.comparingInt(PortBinding::containerPort)
                        .thenComparing(PortBinding::protocol)
                        .thenComparing(PortBinding::hostIp));
        return found;
    }

    private static PortBinding bound(ExposedPort port, Ports.Binding binding) {
        String hostPort = binding.getHostPortSpec();
        String hostIp = binding.getHostIp();
        return new PortBinding(
                port.getPort(),
                hostPort == null || hostPort.isEmpty() ? 0 : Integer.parseInt(hostPort),
                PortBinding.Protocol.valueOf(port.getProtocol().name()),
                hostIp == null ? "" : hostIp);
    }

    private static ContainerView.State state(@Nullable String word) {
        if (word == null) {
            return ContainerView.State.UNKNOWN;
        }
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "created" -> ContainerView.State.CREATED;
            case "running" -> ContainerView.State.RUNNING;
            case "paused" -> ContainerView.State.PAUSED;
            case "restarting" -> ContainerView.State.RESTARTING;
            case "removing" -> ContainerView.State.REMOVING;
            case "exited" -> ContainerView.State.EXITED;
            case "dead" -> ContainerView.State.DEAD;
            default -> ContainerView.State.UNKNOWN;
        };
    }

    /** The engine says year 1 for never. */
    private static @Nullable Instant time(@Nullable String text) {
        return text == null || text.isEmpty() || text.startsWith("0001-")
                ? null
                : OffsetDateTime.parse(text).toInstant();
    }
}
