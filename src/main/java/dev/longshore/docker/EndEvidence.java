package dev.longshore.docker;

import dev.longshore.docker.EngineEvent.Engine;
import dev.longshore.docker.Evidence.Cause;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Tells what ended a program: itself, or somebody else. Pure, from any thread. An exit code alone
 * proves nothing: a program may end with any. What cannot be told apart stays the program's own,
 * with a sentence that says the doubt.
 */
public final class EndEvidence {
    private static final int KILLED = 137;

    /** What the engine says of a program that it did not see end. */
    private static final int FOUND_GONE = 255;

    /** 128 and a signal with which an engine stops programs. */
    private static final Set<Integer> STOPPED = Set.of(129, 130, 131, KILLED, 143);

    private static final Set<String> ASKS_TO_END =
            Set.of("SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM", "SIGKILL");

    /** Who was asked to end has ended by then, or was killed: the engine's own grace, and more. */
    private static final Duration GRACE = Duration.ofSeconds(15);

    /** An engine that stops tells the ends of its containers, and hangs up when all have ended. */
    private static final Duration SHUTDOWN = Duration.ofSeconds(20);

    /** An event that is on its way comes within. */
    private static final Duration DELIVERY = Duration.ofSeconds(2);

    /** An engine that is back is heard within: the longest pause, and time to answer. */
    private static final Duration RECONNECTION = Duration.ofSeconds(15);

    private static final Duration CLOCKS = Duration.ofSeconds(2);
    private static final Duration BOOT_CLOCK = Duration.ofSeconds(5);

    private final @Nullable Instant bootedAt;

    /**
     * For containers of one engine.
     *
     * @param bootedAt when the engine's host was started, null where that is not known; see {@link
     *     HostBoot}
     */
    public EndEvidence(@Nullable Instant bootedAt) {
        this.bootedAt = bootedAt;
    }

    /**
     * What ended the program of a container.
     *
     * @param exited the container after its end, null where it is gone
     * @param seen all events of this container, in the order in which they were told
     * @param absences when the engine was not heard since the container was started
     * @param weKilled whether we have ended it ourselves: that explains all
     */
    public Evidence judge(
            @Nullable ContainerView exited,
            List<EngineEvent.Container> seen,
            List<Absence> absences,
            boolean weKilled) {
        if (weKilled) {
            return new Evidence(Cause.OURS, null, null);
        }
        LastRun run = LastRun.of(seen);
        if (exited == null) {
            return removed(run);
        }
        if (run.begun() == 0 && spansBoot(exited)) {
            return of(
                    Cause.HOST_WENT_DOWN,
                    "the host was started again at " + bootedAt + ", while the program ran");
        }
        Absence absence = run.died() == null ? around(exited, absences) : null;
        if (absence != null) {
            return whileAway(exited, absence);
        }
        if (keeperDied(exited, run)) {
            return of(
                    Cause.HOST_WENT_DOWN,
                    "the process that keeps the container was killed, and the program with it");
        }
        EngineEvent.Container kill = run.lastKill();
        return kill == null ? byItself(exited, run) : afterKill(exited, run, kill, absences);
    }

    /**
     * How long after the program's end, at the longest, evidence may still come that changes what
     * {@link #judge} says: zero for nearly all. Who waits judges again at each event of the
     * container, each {@link EngineEvent.Lost} and each {@link EngineEvent.Connected}, and waits no
     * longer once this is zero.
     */
    public Duration mayStillTake(
            @Nullable ContainerView exited,
            List<EngineEvent.Container> seen,
            List<Absence> absences,
            boolean weKilled) {
        if (weKilled || exited == null || exited.exitCode() == 0) {
            return Duration.ZERO;
        }
        LastRun run = LastRun.of(seen);
        EngineEvent.Container died = run.died();
        if (died == null) {
            boolean away = absences.stream().anyMatch(absence -> absence.connectedAt() == null);
            return away ? RECONNECTION : DELIVERY;
        }
        EngineEvent.Container kill = run.lastKill();
        return kill != null && wasEnded(exited, run, kill) && !byEngine(kill, absences)
                ? SHUTDOWN
                : Duration.ZERO;
    }

    /** Not for a program whose start this very engine has told: engines do not outlive hosts. */
    private boolean spansBoot(ContainerView exited) {
        Instant started = exited.startedAt();
        Instant finished = exited.finishedAt();
        return bootedAt != null
                && started != null
                && finished != null
                && started.plus(BOOT_CLOCK).isBefore(bootedAt)
                && !finished.isBefore(bootedAt);
    }

    /** The last time of silence in which the program ended, if it did. */
    private static @Nullable Absence around(ContainerView exited, List<Absence> absences) {
        Instant finished = exited.finishedAt();
        if (finished == null) {
            return null;
        }
        for (Absence absence : absences.reversed()) {
            Instant back = absence.connectedAt();
            if (!finished.isBefore(absence.lostAt().minus(CLOCKS))
                    && (back == null || !finished.isAfter(back.plus(CLOCKS)))) {
                return absence;
            }
        }
        return null;
    }

    private static Evidence whileAway(ContainerView exited, Absence absence) {
        return switch (absence.engine()) {
            case RESTARTED -> overRestart(exited, STOPPED.contains(exited.exitCode()));
            case RESTARTED_LIVE -> overRestart(exited, false);
            case FIRST, SAME, UNKNOWN -> unheard(exited);
        };
    }

    private static Evidence overRestart(ContainerView exited, boolean stopped) {
        int code = exited.exitCode();
        if (code == KILLED && exited.oomKilled()) {
            return new Evidence(Cause.OUT_OF_MEMORY, null, null);
        }
        if (code == FOUND_GONE) {
            return of(
                    Cause.HOST_WENT_DOWN,
                    "the engine was started again and found the program gone");
        }
        return stopped
                ? of(
                        Cause.ENGINE_WENT_DOWN,
                        "the engine went down, and ended the program with itself or when it was"
                                + " started again")
                : of(
                        Cause.OWN,
                        "it ended with "
                                + code
                                + " while the engine was down: most likely by itself");
    }

    private static Evidence unheard(ContainerView exited) {
        int code = exited.exitCode();
        if (code == KILLED && exited.oomKilled()) {
            return new Evidence(Cause.OUT_OF_MEMORY, null, null);
        }
        return STOPPED.contains(code) || code == FOUND_GONE
                ? of(
                        Cause.OWN,
                        "the engine could not be heard when it ended with "
                                + code
                                + ": whether somebody stopped it is not known")
                : new Evidence(Cause.OWN, null, null);
    }

    /** The engine tells 255 at once, for want of an answer, and keeps the code of a kill. */
    private static boolean keeperDied(ContainerView exited, LastRun run) {
        EngineEvent.Container died = run.died();
        return died != null
                && exited.exitCode() == KILLED
                && Objects.equals(died.exitCode(), FOUND_GONE);
    }

    private static Evidence byItself(ContainerView exited, LastRun run) {
        int code = exited.exitCode();
        if (code == KILLED && exited.oomKilled()) {
            return new Evidence(Cause.OUT_OF_MEMORY, null, null);
        }
        if (run.begun() > 1) {
            return of(
                    Cause.OWN,
                    "the container was started again at the engine, and not by Longshore: this is"
                            + " how its last run ended");
        }
        if (code == KILLED && run.died() != null) {
            return of(
                    Cause.OWN,
                    "nobody had the engine kill it: the program ended with 137 by itself, or was"
                            + " killed on the host");
        }
        return new Evidence(Cause.OWN, null, null);
    }

    private static Evidence afterKill(
            ContainerView exited, LastRun run, EngineEvent.Container kill, List<Absence> absences) {
        String signal = String.valueOf(kill.signal());
        if (!wasEnded(exited, run, kill)) {
            return exited.oomKilled() && exited.exitCode() == KILLED
                    ? new Evidence(Cause.OUT_OF_MEMORY, null, null)
                    : of(
                            Cause.OWN,
                            "it got "
                                    + signal
                                    + ", not from Longshore, before it ended with "
                                    + exited.exitCode());
        }
        if (byEngine(kill, absences)) {
            return of(Cause.ENGINE_WENT_DOWN, "the engine went down and ended the program");
        }
        return new Evidence(
                Cause.STOPPED_BY_HAND,
                signal,
                "the program was ended with " + signal + " at the engine, and not by Longshore");
    }

    /**
     * Whether a signal is what ended it. A program that ends with 0 says that all is well, whatever
     * it heard.
     */
    private static boolean wasEnded(ContainerView exited, LastRun run, EngineEvent.Container kill) {
        String signal = kill.signal();
        if (exited.exitCode() == 0 || signal == null || !ASKS_TO_END.contains(signal)) {
            return false;
        }
        EngineEvent.Container died = run.died();
        return signal.equals("SIGKILL")
                || run.stopped()
                || died == null
                || !died.time().isAfter(kill.time().plus(GRACE));
    }

    /**
     * Whether the engine sent a signal of its own accord: it was lost soon after, as it stopped; or
     * the signal lies in the time before it could be heard again, as it clears up what it finds
     * running when it is started.
     */
    private static boolean byEngine(EngineEvent.Container kill, List<Absence> absences) {
        return absences.stream()
                .anyMatch(
                        absence ->
                                stopping(kill.time(), absence) || starting(kill.time(), absence));
    }

    private static boolean stopping(Instant kill, Absence absence) {
        return absence.engine() != Engine.SAME
                && !absence.lostAt().isBefore(kill)
                && !absence.lostAt().isAfter(kill.plus(SHUTDOWN));
    }

    private static boolean starting(Instant kill, Absence absence) {
        Instant back = absence.connectedAt();
        return absence.engine() == Engine.RESTARTED
                && back != null
                && !kill.isBefore(absence.lostAt())
                && !kill.isAfter(back);
    }

    private static Evidence removed(LastRun run) {
        EngineEvent.Container died = run.died();
        return of(
                Cause.REMOVED_BY_HAND,
                died == null || run.lastKill() != null
                        ? "the container was removed while its program ran, and not by Longshore"
                        : "the container was removed, and not by Longshore, after its program had"
                                + " ended with "
                                + died.exitCode());
    }

    private static Evidence of(Cause cause, String sentence) {
        return new Evidence(cause, null, sentence);
    }
}
