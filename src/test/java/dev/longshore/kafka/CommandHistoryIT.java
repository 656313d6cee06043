package dev.longshore.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.CommandPosition;
import dev.longshore.job.ExecutionId;
import dev.longshore.job.ExecutionRequest;
import dev.longshore.job.JobCommand;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;

class CommandHistoryIT {
    private static final String START = "{\"image\":\"busybox\"}";

    private KafkaFixture kafka;
    private CommandHistory history;

    @BeforeEach
    void open() {
        kafka = new KafkaFixture();
        history = new CommandHistory(kafka.context, kafka.settings, kafka.commands);
    }

    @AfterEach
    void close() {
        kafka.close();
    }

    @Test
    void a_command_is_read_again_from_where_its_delivery_says_that_it_stands() {
        for (int n = 0; n < 20; n++) {
            // Without a key the id is made of the place: it must come out the same again.
            kafka.produce(kafka.topics.jobs(), n % 2, n < 10 ? "keyed-" + n : null, START);
        }
        CommandSource source = new CommandSource(kafka.context, kafka.settings, kafka.commands);
        List<Delivery> delivered = new CopyOnWriteArrayList<>();
        KafkaFixture.await(source.start(delivered::add));
        KafkaFixture.until(() -> delivered.size() == 20);
        KafkaFixture.await(source.close());

        Map<CommandPosition, ExecutionRequest> expected = new HashMap<>();
        delivered.forEach(
                one -> {
                    CommandPosition origin = one.origin();
                    assertThat(origin).isNotNull();
                    expected.put(origin, ((JobCommand.Start) one.command()).request());
                });
        assertThat(KafkaFixture.await(history.starts(expected.keySet()))).isEqualTo(expected);
    }

    @Test
    void few_of_many_are_read_without_the_ones_between() {
        // Alone, so that the new partition is ready for the many that follow.
        kafka.produce(kafka.topics.jobs(), 0, "many-0", START);
        for (int n = 1; n < 10_000; n++) {
            kafka.produceLater(kafka.topics.jobs(), 0, "many-" + n, START);
        }
        kafka.flush();
        List<CommandPosition> wanted =
                List.of(jobs(0, 0), jobs(0, 1), jobs(0, 4_321), jobs(0, 9_999));

        Map<CommandPosition, ExecutionRequest> found = KafkaFixture.await(history.starts(wanted));

        assertThat(found).containsOnlyKeys(wanted);
        found.forEach(
                (position, request) ->
                        assertThat(request.executionId())
                                .isEqualTo(new ExecutionId("many-" + position.offset())));
    }

    @Test
    void what_is_gone_or_no_start_is_absent() throws ExecutionException, InterruptedException {
        for (int n = 0; n < 6; n++) {
            kafka.produce(kafka.topics.jobs(), 0, "old-" + n, n == 4 ? "not a command" : START);
        }
        try (Admin admin =
                Admin.create(Map.of("bootstrap.servers", kafka.settings.bootstrapServers()))) {
            admin.deleteRecords(
                            Map.of(
                                    new TopicPartition(kafka.topics.jobs(), 0),
                                    RecordsToDelete.beforeOffset(3)))
                    .all()
                    .get();
        }
        List<CommandPosition> wanted = new ArrayList<>();
        for (long offset : new long[] {0, 2, 3, 4, 5, 6, 1_000_000}) {
            wanted.add(jobs(0, offset));
        }
        wanted.add(jobs(1, 0));
        wanted.add(jobs(77, 0));
        wanted.add(new CommandPosition("no-such-topic", 0, 0));

        assertThat(KafkaFixture.await(history.starts(wanted)))
                .containsOnlyKeys(jobs(0, 3), jobs(0, 5));
        assertThat(KafkaFixture.await(history.starts(List.of()))).isEmpty();
    }

    @Test
    void committed_is_what_the_group_has_let_go_of_by_partition() {
        assertThat(KafkaFixture.await(history.committed())).isEmpty();
        for (int n = 0; n < 3; n++) {
            kafka.produce(kafka.topics.jobs(), 1, "job-" + n, START);
        }
        CommandSource source = new CommandSource(kafka.context, kafka.settings, kafka.commands);
        List<Delivery> delivered = new CopyOnWriteArrayList<>();
        KafkaFixture.await(source.start(delivered::add));
        KafkaFixture.until(() -> delivered.size() == 3);
        delivered.subList(0, 2).forEach(Delivery::done);
        KafkaFixture.until(() -> kafka.committed(1) == 2);

        assertThat(KafkaFixture.await(history.committed())).containsExactly(Map.entry(1, 2L));
        KafkaFixture.await(source.close());
    }

    @Test
    void a_control_command_has_no_place_to_be_read_again_from() {
        ControlSource source = new ControlSource(kafka.context, kafka.settings, kafka.commands);
        List<Delivery> delivered = new CopyOnWriteArrayList<>();
        KafkaFixture.await(source.start(delivered::add));
        kafka.produce(
                kafka.topics.control(),
                null,
                null,
                "{\"type\":\"cancel\",\"executionId\":\"one\"}");
        KafkaFixture.until(() -> delivered.size() == 1);
        assertThat(delivered.getFirst().origin()).isNull();
        KafkaFixture.await(source.close());
    }

    private CommandPosition jobs(int partition, long offset) {
        return new CommandPosition(kafka.topics.jobs(), partition, offset);
    }
}
