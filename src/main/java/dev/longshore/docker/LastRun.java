package dev.longshore.docker;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * What was told since the program's last start.
 *
 * @param begun how often it was started, as far as that was told
 * @param died its end, null where none was told
 * @param lastKill the last signal before it
 * @param stopped whether somebody waited for its end
 */
record LastRun(
        int begun,
        EngineEvent.@Nullable Container died,
        EngineEvent.@Nullable Container lastKill,
        boolean stopped) {
    static LastRun of(List<EngineEvent.Container> seen) {
        EngineEvent.Container died = null;
        EngineEvent.Container kill = null;
        boolean stopped = false;
        int begun = 0;
        for (EngineEvent.Container event : seen) {
            switch (event.action()) {
                case START -> {
                    begun++;
                    died = null;
                    kill = null;
                    stopped = false;
                }
                case KILL -> kill = died == null ? event : kill;
                case DIE -> died = event;
                case STOP -> stopped = true;
                default -> {}
            }
        }
        return new LastRun(begun, died, kill, stopped);
    }
}
