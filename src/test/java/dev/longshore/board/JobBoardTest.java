package dev.longshore.board;

import static dev.longshore.board.Samples.id;
import static dev.longshore.board.Samples.result;
import static dev.longshore.board.Samples.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.job.Execution;
import dev.longshore.job.ExecutionId;
import dev.longshore.job.ExecutionState;
import dev.longshore.job.JobId;
import dev.longshore.job.LogPosition;
import dev.longshore.job.NodeId;
import dev.longshore.job.NodeStatus;
import dev.longshore.job.StatusEvent;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

class JobBoardTest {
    private static final LogPosition LOG = new LogPosition("logs", 0, 7);

    private final JobBoard board = new JobBoard(new BoardSettings(3, 4, 1 << 20, 10));

    @Test
    void a_status_makes_an_execution_and_further_ones_its_history() {
        board.status(status(id("a"), 1, ExecutionState.ACCEPTED, null));
        board.status(status(id("a"), 2, ExecutionState.STARTING, null));
        board.status(status(id("a"), 3, ExecutionState.RUNNING, LOG));

        Execution found = found("a");
        assertThat(found.state()).isEqualTo(ExecutionState.RUNNING);
        assertThat(found.history()).hasSize(3);
        assertThat(found.log()).isEqualTo(LOG);
    }

    @Test
    void an_event_that_was_seen_before_changes_nothing_and_says_so() {
        assertThat(board.status(status(id("a"), 1, ExecutionState.ACCEPTED, null))).isNotNull();
        assertThat(board.status(status(id("a"), 1, ExecutionState.ACCEPTED, null))).isNull();
        assertThat(board.result(result(id("a"), 0, LOG, 0))).isNotNull();
        assertThat(board.result(result(id("a"), 1, LOG, 0))).isNull();
        assertThat(Objects.requireNonNull(found("a").result()).outcome().exitCode()).isZero();
    }

    @Test
    void what_is_said_after_the_end_or_by_a_node_that_it_was_taken_from_changes_nothing() {
        board.status(status(id("a"), 3, ExecutionState.RUNNING, LOG));
        StatusEvent mine = status(id("b"), 3, ExecutionState.RUNNING, LOG);
        board.status(mine);
        board.status(mine.takenOverBy(new NodeId("other"), "taken over", mine.time()));
        board.status(status(id("a"), 4, ExecutionState.LOST, LOG));

        assertThat(board.status(status(id("a"), 5, ExecutionState.STOPPING, LOG))).isNull();
        assertThat(board.status(status(id("b"), 7, ExecutionState.STOPPING, LOG))).isNull();

        assertThat(found("a").state()).isEqualTo(ExecutionState.LOST);
        assertThat(found("b").latest().nodeId()).isEqualTo(new NodeId("other"));
    }

    @Test
    void an_end_is_heard_whatever_was_said_before_it() {
        board.status(status(id("a"), 9, ExecutionState.STOPPING, LOG));

        board.status(status(id("a"), 5, ExecutionState.LOST, LOG));

        assertThat(found("a").state()).isEqualTo(ExecutionState.LOST);
    }

    @Test
    void a_result_that_comes_before_its_status_is_kept_for_it() {
        assertThat(board.result(result(id("a"), 0, LOG, 0))).isNull();
        assertThat(board.find(id("a"))).isNull();

        board.status(status(id("a"), 9, ExecutionState.SUCCEEDED, LOG));

        assertThat(found("a").result()).isNotNull();
    }

    @Test
    void those_that_ended_are_forgotten_first_oldest_first() {
        board.status(status(id("live"), 1, ExecutionState.RUNNING, LOG));
        board.status(status(id("old"), 2, ExecutionState.SUCCEEDED, LOG));
        board.status(status(id("young"), 3, ExecutionState.FAILED, LOG));
        board.status(status(id("next"), 4, ExecutionState.ACCEPTED, null));
        assertThat(ids(Query.newest())).containsExactly("next", "young", "live");

        board.status(status(id("last"), 5, ExecutionState.ACCEPTED, null));
        assertThat(ids(Query.newest())).containsExactly("last", "next", "live");
    }

    @Test
    void where_none_has_ended_the_oldest_is_forgotten() {
        for (int i = 1; i <= 5; i++) {
            board.status(status(id("e" + i), i, ExecutionState.RUNNING, LOG));
        }
        assertThat(ids(Query.newest())).containsExactly("e5", "e4", "e3");
        assertThat(board.size()).isEqualTo(3);
    }

    @Test
    void a_long_history_keeps_its_first_event_and_its_newest() {
        for (int i = 1; i <= 10; i++) {
            board.status(status(id("a"), i, ExecutionState.PULLING, null));
        }
        assertThat(found("a").history())
                .extracting(e -> e.sequence())
                .containsExactly(1L, 8L, 9L, 10L);
    }

    @Test
    void pages_follow_on_without_hole_or_repetition() {
        JobBoard many = new JobBoard(BoardSettings.defaults());
        for (int i = 0; i < 25; i++) {
            // Two each have the same time: the id decides between them.
            many.status(status(id("e" + i), 1 + i / 2, ExecutionState.RUNNING, LOG));
        }
        List<String> seen = new ArrayList<>();
        Page page = many.list(new Query(null, null, null, 10, null));
        seen.addAll(names(page));
        while (page.next() != null) {
            Cursor cursor = Cursor.decode(page.next().encode());
            page = many.list(new Query(null, null, null, 10, cursor));
            seen.addAll(names(page));
        }
        assertThat(seen).hasSize(25).doesNotHaveDuplicates();
        assertThat(seen.getFirst()).isEqualTo("e24");
        assertThat(seen.getLast()).isEqualTo("e0");
    }

    @Test
    void filters_narrow_the_list() {
        board.status(status(id("a"), new NodeId("n1"), 1, ExecutionState.RUNNING, LOG));
        board.status(status(id("b"), new NodeId("n2"), 2, ExecutionState.RUNNING, LOG));
        board.status(status(id("c"), new NodeId("n2"), 3, ExecutionState.FAILED, LOG));

        assertThat(ids(new Query(ExecutionState.RUNNING, null, null, 10, null)))
                .containsExactly("b", "a");
        assertThat(ids(new Query(null, null, new NodeId("n2"), 10, null)))
                .containsExactly("c", "b");
        assertThat(ids(new Query(null, new JobId("other"), null, 10, null))).isEmpty();
    }

    @Test
    void what_is_no_cursor_is_refused() {
        for (String text : List.of("", "!!!", "AAAA", "bm90IGEgY3Vyc29y")) {
            assertThatThrownBy(() -> Cursor.decode(text))
                    .as(text)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void the_newest_heartbeat_of_a_node_counts() {
        NodeStatus old = Samples.node("n1", Samples.T0);
        NodeStatus young = Samples.node("n1", Samples.T0.plusSeconds(10));
        board.node(young);
        board.node(old);
        assertThat(board.nodes()).containsExactly(young);
    }

    @Test
    void readers_on_other_threads_see_whole_executions_in_order() {
        JobBoard many = new JobBoard(new BoardSettings(50, 200, 1 << 20, 10));
        AtomicBoolean stop = new AtomicBoolean();
        CompletableFuture<Integer> reads =
                CompletableFuture.supplyAsync(
                        () -> {
                            int read = 0;
                            while (!stop.get() || read == 0) {
                                Page page = many.list(Query.newest());
                                List<Cursor> places =
                                        page.executions().stream()
                                                .map(
                                                        e ->
                                                                new Cursor(
                                                                        e.history()
                                                                                .getFirst()
                                                                                .time(),
                                                                        e.executionId()))
                                                .toList();
                                assertThat(places).isSortedAccordingTo((a, b) -> b.compareTo(a));
                                read++;
                            }
                            return read;
                        });
        for (int i = 1; i <= 2_000; i++) {
            many.status(status(id("e" + i), i, ExecutionState.ACCEPTED, null));
            many.status(status(id("e" + i), i + 1, ExecutionState.SUCCEEDED, LOG));
        }
        stop.set(true);
        assertThat(reads.join()).isPositive();
        assertThat(many.size()).isEqualTo(50);
    }

    private Execution found(String id) {
        return Objects.requireNonNull(board.find(id(id)), id);
    }

    private List<String> ids(Query query) {
        return names(board.list(query));
    }

    private static List<String> names(Page page) {
        return page.executions().stream()
                .map(Execution::executionId)
                .map(ExecutionId::value)
                .toList();
    }
}
