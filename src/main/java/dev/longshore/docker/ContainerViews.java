package dev.longshore.docker;

import com.github.dockerjava.api.command.InspectContainerResponse;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.OffsetDateTime;
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
                labels == null ? Map.of() : labels);
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
