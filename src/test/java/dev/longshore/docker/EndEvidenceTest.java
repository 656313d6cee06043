package dev.longshore.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.docker.ContainerView.State;
import dev.longshore.docker.EngineEvent.Action;
import dev.longshore.docker.EngineEvent.Engine;
import dev.longshore.docker.EngineEvent.Recall;
import dev.longshore.docker.Evidence.Cause;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Times are seconds after the program's start; it ends at 100. */
class EndEvidenceTest {
    private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");
    private static final int END = 100;

    private final EndEvidence evidence = new EndEvidence(null);

    private static Instant at(int seconds) {
        return START.plusSeconds(seconds);
    }

    private static ContainerView exited(int code) {
        return exited(code, false);
    }

    private static ContainerView exited(int code, boolean oom) {
        return new ContainerView(
                "c", "n", State.EXITED, code, oom, START, at(END), "", "i", Map.of());
    }

    private static EngineEvent.Container kill(String signal, int second) {
        return new EngineEvent.Container("c", Action.KILL, null, signal, at(second));
    }

    private static EngineEvent.Container die(int code) {
        return new EngineEvent.Container("c", Action.DIE, code, null, at(END));
    }

    private static EngineEvent.Container told(Action action, int second) {
        return new EngineEvent.Container("c", action, null, null, at(second));
    }

    private static Absence away(int from, int to, Engine engine) {
        return new Absence(at(from), at(to), engine);
    }

    private Cause cause(
            @Nullable ContainerView exited, List<EngineEvent.Container> seen, Absence... absences) {
        return evidence.judge(exited, seen, List.of(absences), false).cause();
    }

    private Duration patience(
            ContainerView exited, List<EngineEvent.Container> seen, Absence... absences) {
        return evidence.mayStillTake(exited, seen, List.of(absences), false);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 130, 137, 143, 255})
    void an_exit_code_alone_is_the_programs_own(int code) {
        assertThat(cause(exited(code), List.of())).isEqualTo(Cause.OWN);
        assertThat(cause(exited(code), List.of(told(Action.START, 0), die(code))))
                .isEqualTo(Cause.OWN);
    }

    @Test
    void an_ordinary_end_needs_no_words_and_a_kill_from_nowhere_does() {
        assertThat(evidence.judge(exited(7), List.of(die(7)), List.of(), false).sentence())
                .isNull();
        assertThat(evidence.judge(exited(137), List.of(die(137)), List.of(), false).sentence())
                .contains("killed on the host");
    }

    @Test
    void what_we_did_explains_all() {
        assertThat(
                        evidence.judge(
                                        exited(137),
                                        List.of(kill("SIGKILL", END), die(137)),
                                        List.of(),
                                        true)
                                .cause())
                .isEqualTo(Cause.OURS);
    }

    @Test
    void want_of_memory_needs_the_flag_and_the_code() {
        assertThat(cause(exited(137, true), List.of(told(Action.OOM, 99), die(137))))
                .isEqualTo(Cause.OUT_OF_MEMORY);
        assertThat(cause(exited(0, true), List.of(told(Action.OOM, 99), die(0))))
                .isEqualTo(Cause.OWN);
        assertThat(cause(exited(137, false), List.of(told(Action.OOM, 99), die(137))))
                .isEqualTo(Cause.OWN);
    }

    @ParameterizedTest
    @CsvSource({"SIGKILL,137", "SIGTERM,143", "SIGTERM,1", "SIGINT,130"})
    void a_foreign_signal_shortly_before_the_end_ended_it(String signal, int code) {
        Evidence found =
                evidence.judge(
                        exited(code), List.of(kill(signal, 98), die(code)), List.of(), false);
        assertThat(found.cause()).isEqualTo(Cause.STOPPED_BY_HAND);
        assertThat(found.signal()).isEqualTo(signal);
        assertThat(found.sentence()).contains(signal);
    }

    @Test
    void a_signal_that_asks_for_something_else_or_was_survived_did_not() {
        assertThat(cause(exited(1), List.of(kill("SIGUSR1", 99), die(1)))).isEqualTo(Cause.OWN);
        assertThat(cause(exited(1), List.of(kill("28", 99), die(1)))).isEqualTo(Cause.OWN);
        assertThat(cause(exited(1), List.of(kill("SIGTERM", 20), die(1)))).isEqualTo(Cause.OWN);
        assertThat(cause(exited(0), List.of(kill("SIGTERM", 99), die(0)))).isEqualTo(Cause.OWN);
    }

    @Test
    void a_stop_with_a_long_grace_ended_it() {
        assertThat(cause(exited(1), List.of(kill("SIGTERM", 20), die(1), told(Action.STOP, END))))
                .isEqualTo(Cause.STOPPED_BY_HAND);
    }

    @Test
    void signals_of_an_earlier_run_do_not_count() {
        assertThat(
                        cause(
                                exited(137),
                                List.of(
                                        kill("SIGKILL", -1),
                                        die(137),
                                        told(Action.START, 0),
                                        die(137))))
                .isEqualTo(Cause.OWN);
    }

    @Test
    void a_foreign_signal_and_then_silence_is_an_engine_that_stopped() {
        List<EngineEvent.Container> seen = List.of(kill("SIGTERM", 99), die(143));
        assertThat(cause(exited(143), seen, away(102, 110, Engine.RESTARTED)))
                .isEqualTo(Cause.ENGINE_WENT_DOWN);
        assertThat(cause(exited(143), seen, new Absence(at(112), null, Engine.UNKNOWN)))
                .isEqualTo(Cause.ENGINE_WENT_DOWN);
        assertThat(cause(exited(143), seen, away(102, 110, Engine.SAME)))
                .isEqualTo(Cause.STOPPED_BY_HAND);
        assertThat(cause(exited(143), seen, away(200, 210, Engine.RESTARTED)))
                .isEqualTo(Cause.STOPPED_BY_HAND);
    }

    @Test
    void a_signal_before_a_started_engine_listens_is_the_engines() {
        List<EngineEvent.Container> seen = List.of(kill("SIGTERM", 99), die(143));
        assertThat(cause(exited(143), seen, away(50, 101, Engine.RESTARTED)))
                .isEqualTo(Cause.ENGINE_WENT_DOWN);
        assertThat(cause(exited(143), seen, away(50, 101, Engine.RESTARTED_LIVE)))
                .isEqualTo(Cause.STOPPED_BY_HAND);
        assertThat(cause(exited(143), seen, away(50, 101, Engine.SAME)))
                .isEqualTo(Cause.STOPPED_BY_HAND);
        assertThat(patience(exited(143), seen, away(50, 101, Engine.RESTARTED))).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "RESTARTED,137,ENGINE_WENT_DOWN",
        "RESTARTED,143,ENGINE_WENT_DOWN",
        "RESTARTED,255,HOST_WENT_DOWN",
        "RESTARTED,7,OWN",
        "RESTARTED,0,OWN",
        "RESTARTED,139,OWN",
        "RESTARTED_LIVE,137,OWN",
        "RESTARTED_LIVE,255,HOST_WENT_DOWN",
        "SAME,137,OWN",
        "SAME,255,OWN",
        "UNKNOWN,137,OWN",
        "UNKNOWN,255,OWN"
    })
    void an_end_that_nobody_told_lies_in_the_silence_around_it(
            Engine engine, int code, Cause expected) {
        assertThat(cause(exited(code), List.of(), away(95, 105, engine))).isEqualTo(expected);
    }

    @Test
    void an_end_that_was_told_or_lies_elsewhere_is_not_the_silences_fault() {
        Absence around = away(95, 105, Engine.RESTARTED);
        assertThat(cause(exited(137), List.of(die(137)), around)).isEqualTo(Cause.OWN);
        assertThat(cause(exited(137), List.of(), away(50, 60, Engine.RESTARTED)))
                .isEqualTo(Cause.OWN);
        assertThat(cause(exited(137), List.of(), away(150, 160, Engine.RESTARTED)))
                .isEqualTo(Cause.OWN);
    }

    @Test
    void a_killed_keeper_is_told_as_255_and_kept_as_137() {
        assertThat(cause(exited(137), List.of(die(255)))).isEqualTo(Cause.HOST_WENT_DOWN);
        assertThat(cause(exited(255), List.of(die(255)))).isEqualTo(Cause.OWN);
    }

    @Test
    void a_run_over_a_boot_of_the_host_did_not_end_by_itself() {
        EndEvidence booted = new EndEvidence(at(90));
        assertThat(booted.judge(exited(0), List.of(), List.of(), false).cause())
                .isEqualTo(Cause.HOST_WENT_DOWN);
        assertThat(new EndEvidence(at(-10)).judge(exited(255), List.of(), List.of(), false).cause())
                .isEqualTo(Cause.OWN);
    }

    @Test
    void an_engine_that_told_of_the_start_has_seen_no_boot_since() {
        EndEvidence booted = new EndEvidence(at(90));
        List<EngineEvent.Container> seen = List.of(told(Action.START, 0), die(0));
        assertThat(booted.judge(exited(0), seen, List.of(), false).cause()).isEqualTo(Cause.OWN);
    }

    @Test
    void want_of_memory_stays_that_when_the_engine_is_started_again() {
        assertThat(cause(exited(137, true), List.of(), away(95, 105, Engine.RESTARTED)))
                .isEqualTo(Cause.OUT_OF_MEMORY);
    }

    @ParameterizedTest
    @CsvSource({"WHOLE,RESTARTED", "WHOLE_LIVE,RESTARTED_LIVE", "PART,UNKNOWN"})
    void an_engine_that_remembers_no_start_was_started_after_it_if_it_remembers_all(
            Recall recall, Engine expected) {
        EngineEvent.Connected connected = new EngineEvent.Connected(at(200), Engine.FIRST, recall);
        Absence before = Absence.before(connected, exited(137), List.of(die(137)));
        assertThat(before).isEqualTo(away(0, 200, expected));
    }

    @Test
    void a_container_whose_start_was_told_or_will_be_has_no_time_before() {
        EngineEvent.Connected connected =
                new EngineEvent.Connected(at(200), Engine.FIRST, Recall.WHOLE);
        EngineEvent.Connected early = new EngineEvent.Connected(at(0), Engine.FIRST, Recall.WHOLE);
        assertThat(Absence.before(connected, exited(1), List.of(told(Action.START, 0), die(1))))
                .isNull();
        assertThat(Absence.before(early, exited(1), List.of())).isNull();
        assertThat(Absence.before(null, exited(1), List.of()))
                .isEqualTo(new Absence(at(0), null, Engine.UNKNOWN));
    }

    @Test
    void a_kill_that_a_started_engine_tells_of_a_container_from_before_is_its_own() {
        EngineEvent.Connected connected =
                new EngineEvent.Connected(at(200), Engine.FIRST, Recall.WHOLE);
        List<EngineEvent.Container> seen = List.of(kill("SIGTERM", 99), die(143));
        Absence before = Objects.requireNonNull(Absence.before(connected, exited(143), seen));
        assertThat(cause(exited(143), seen, before)).isEqualTo(Cause.ENGINE_WENT_DOWN);
    }

    @Test
    void a_container_that_is_gone_was_removed() {
        Evidence under =
                evidence.judge(null, List.of(kill("SIGKILL", END), die(137)), List.of(), false);
        Evidence after = evidence.judge(null, List.of(die(4)), List.of(), false);
        assertThat(under.cause()).isEqualTo(Cause.REMOVED_BY_HAND);
        assertThat(under.sentence()).contains("while its program ran");
        assertThat(after.cause()).isEqualTo(Cause.REMOVED_BY_HAND);
        assertThat(after.sentence()).contains("ended with 4");
    }

    @Test
    void only_a_doubtful_end_is_waited_for() {
        assertThat(patience(exited(0), List.of())).isZero();
        assertThat(patience(exited(1), List.of(die(1)))).isZero();
        assertThat(patience(exited(137), List.of(die(137)))).isZero();
        assertThat(patience(exited(137), List.of(), away(95, 105, Engine.RESTARTED))).isPositive();
        assertThat(patience(exited(1), List.of())).isPositive();
        assertThat(patience(exited(1), List.of(), new Absence(at(95), null, Engine.UNKNOWN)))
                .isGreaterThan(Duration.ofSeconds(5));
        List<EngineEvent.Container> stopped = List.of(kill("SIGTERM", 99), die(143));
        assertThat(patience(exited(143), stopped)).isGreaterThan(Duration.ofSeconds(15));
        assertThat(patience(exited(143), stopped, away(101, 105, Engine.RESTARTED))).isZero();
    }
}
