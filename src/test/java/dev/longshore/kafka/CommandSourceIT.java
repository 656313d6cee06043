package dev.longshore.kafka;

import static dev.longshore.kafka.KafkaFixture.until;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.job.ExecutionId;
import dev.longshore.job.JobCommand;
import dev.longshore.job.NodeId;
import dev.longshore.job.Refusal;
import dev.longshore.job.RefusalCode;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

class CommandSourceIT {
    private static final String HELLO = "{\"image\": \"busybox\", \"command\": [\"echo\", \"hi\"]}";

    private final List<CommandSource> opened = new ArrayList<>();
    private KafkaFixture kafka;

    @BeforeEach
    void open() {
        kafka = new KafkaFixture();
    }

    @AfterEach
    void close() {
        opened.forEach(source -> KafkaFixture.await(source.close()));
        kafka.close();
    }

    @Test
    void a_record_of_a_plain_producer_is_delivered_with_its_key_as_the_execution_id()
            throws Exception {
        BlockingQueue<Delivery> deliveries = new LinkedBlockingQueue<>();
        source(kafka.settings, deliveries);
        kafka.produce(kafka.topics.jobs(), null, "hello-1", HELLO);
        Delivery delivery = next(deliveries);
        assertThat(idOf(delivery)).isEqualTo("hello-1");
        assertThat(delivery.replayed()).isFalse();
        assertThat(delivery.writtenAt()).isNotNull();
    }

    @Test
    void without_a_key_the_place_of_the_record_is_the_execution_id() throws Exception {
        kafka.produce(kafka.topics.jobs(), 1, null, HELLO);
        BlockingQueue<Delivery> deliveries = new LinkedBlockingQueue<>();
        source(kafka.settings, deliveries);
        assertThat(idOf(next(deliveries))).endsWith("-1-0");
    }

    @Test
    void done_out_of_order_commits_only_what_has_no_gap() throws Exception {
        for (int n = 0; n < 3; n++) {
            kafka.produce(kafka.topics.jobs(), 0, "job-" + n, HELLO);
        }
        BlockingQueue<Delivery> deliveries = new LinkedBlockingQueue<>();
        source(kafka.settings, deliveries);
        Delivery first = next(deliveries);
        Delivery second = next(deliveries);
        Delivery third = next(deliveries);

        first.done();
        third.done();
        until(() -> kafka.committed(0) == 1);
        second.done();
        until(() -> kafka.committed(0) == 3);
        assertThat(deliveries).isEmpty();
    }

    @Test
    void what_is_not_done_is_delivered_again_after_a_restart() throws Exception {
        kafka.produce(kafka.topics.jobs(), 0, "first", HELLO);
        kafka.produce(kafka.topics.jobs(), 0, "second", HELLO);
        BlockingQueue<Delivery> before = new LinkedBlockingQueue<>();
        CommandSource source = source(kafka.settings, before);
        next(before).done();
        Delivery kept = next(before);
        KafkaFixture.await(source.close());
        opened.remove(source);

        BlockingQueue<Delivery> after = new LinkedBlockingQueue<>();
        source(kafka.settings, after);
        assertThat(idOf(next(after))).isEqualTo("second");
        kept.done(); // of a source that is gone: harmless
        assertThat(kafka.committed(0)).isEqualTo(1);
    }

    @Test
    void a_paused_source_stays_a_member_and_goes_on_where_it_was() throws Exception {
        BlockingQueue<Delivery> deliveries = new LinkedBlockingQueue<>();
        CommandSource source = source(kafka.settings, deliveries);
        kafka.produce(kafka.topics.jobs(), 0, "before", HELLO);
        next(deliveries).done();
        source.pause();
        // Only once this is committed has the loop turned since the pause, so that the pause is in
        // force.
        until(() -> kafka.committed(0) == 1);

        kafka.produce(kafka.topics.jobs(), 0, "during", HELLO);
        kafka.produce(kafka.topics.control(), 0, "during", "not a command");
        // The refusal of a later record shows that polling goes on.
        assertThat(kafka.read(kafka.topics.deadLetters(), 1)).hasSize(1);
        assertThat(deliveries).isEmpty();
        assertThat(kafka.members()).isEqualTo(1);

        source.resume();
        assertThat(idOf(next(deliveries))).isEqualTo("during");
    }

    @Test
    void two_nodes_share_the_work_and_a_node_that_leaves_hands_it_over() throws Exception {
        BlockingQueue<Delivery> left = new LinkedBlockingQueue<>();
        BlockingQueue<Delivery> right = new LinkedBlockingQueue<>();
        CommandSource first = source(kafka.settings, left);
        CommandSource second = source(kafka.settings.withNode(new NodeId("another-node")), right);
        int sent = 0;
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(KafkaFixture.DEADLINE_SECONDS);
        // Until both have had some: the group needs a moment to share.
        List<String> gotLeft = new ArrayList<>();
        List<String> gotRight = new ArrayList<>();
        while ((gotLeft.isEmpty() || gotRight.isEmpty()) && System.nanoTime() < deadline) {
            kafka.produce(kafka.topics.jobs(), 0, "zero-" + sent, HELLO);
            kafka.produce(kafka.topics.jobs(), 1, "one-" + sent, HELLO);
            sent++;
            drain(left, gotLeft);
            drain(right, gotRight);
        }
        assertThat(gotLeft).isNotEmpty();
        assertThat(gotRight).isNotEmpty();

        KafkaFixture.await(first.close());
        opened.remove(first);
        int all = 2 * sent;
        until(
                () -> {
                    drain(left, gotLeft);
                    drain(right, gotRight);
                    return gotLeft.size() + gotRight.size() >= all;
                });
        assertThat(second.ended().isComplete()).isFalse();
        until(() -> kafka.committed(0) + kafka.committed(1) == all);
        List<String> both = new ArrayList<>(gotLeft);
        both.addAll(gotRight);
        assertThat(both).doesNotHaveDuplicates().hasSize(all);
    }

    @Test
    void what_is_malformed_becomes_one_dead_letter_with_the_same_bytes() throws Exception {
        BlockingQueue<Delivery> deliveries = new LinkedBlockingQueue<>();
        source(kafka.settings, deliveries);
        long offset =
                kafka.produce(
                        kafka.topics.jobs(), 1, "typo", "{\"image\": \"busybox\", \"memori\": 1}");
        kafka.produce(kafka.topics.jobs(), 1, "fine", HELLO);
        assertThat(idOf(next(deliveries))).isEqualTo("fine");

        List<ConsumerRecord<byte[], byte[]>> letters = kafka.read(kafka.topics.deadLetters(), 1);
        ConsumerRecord<byte[], byte[]> letter = letters.getFirst();
        assertThat(KafkaFixture.text(letter.key())).isEqualTo("typo");
        assertThat(KafkaFixture.text(letter.value()))
                .isEqualTo("{\"image\": \"busybox\", \"memori\": 1}");
        assertThat(header(letter, "__dlq.errors.topic")).isEqualTo(kafka.topics.jobs());
        assertThat(header(letter, "__dlq.errors.partition")).isEqualTo("1");
        assertThat(header(letter, "__dlq.errors.offset")).isEqualTo(String.valueOf(offset));
        assertThat(header(letter, "__dlq.errors.group")).isEqualTo(kafka.settings.group());
        assertThat(header(letter, "__dlq.errors.code")).isEqualTo("UNKNOWN_FIELD");
        assertThat(header(letter, "__dlq.errors.node")).isEqualTo(kafka.settings.nodeId().value());
        until(() -> kafka.committed(1) == offset + 1);
        assertThat(letters).hasSize(1);
    }

    @Test
    void a_refused_command_becomes_a_dead_letter_and_is_let_go() throws Exception {
        BlockingQueue<Delivery> deliveries = new LinkedBlockingQueue<>();
        source(kafka.settings, deliveries);
        kafka.produce(kafka.topics.jobs(), 0, "refused", HELLO);
        Delivery delivery = next(deliveries);
        KafkaFixture.await(delivery.refuse(Refusal.of(RefusalCode.NOT_PERMITTED, "not here")));
        ConsumerRecord<byte[], byte[]> letter =
                kafka.read(kafka.topics.deadLetters(), 1).getFirst();
        assertThat(KafkaFixture.text(letter.value())).isEqualTo(HELLO);
        assertThat(header(letter, "__dlq.errors.code")).isEqualTo("NOT_PERMITTED");
        until(() -> kafka.committed(0) == 1);
    }

    @Test
    void a_backlog_is_handed_out_in_bounded_portions() throws Exception {
        for (int n = 0; n < 1_500; n++) {
            kafka.produceLater(kafka.topics.jobs(), 0, "job-" + n, HELLO);
        }
        kafka.flush();
        BlockingQueue<Delivery> deliveries = new LinkedBlockingQueue<>();
        source(kafka.settings, deliveries);
        until(() -> deliveries.size() > 500);
        // A later record of another partition comes through: the full one waits, and everything
        // else goes on.
        kafka.produce(kafka.topics.jobs(), 1, "other", HELLO);
        until(() -> deliveries.stream().anyMatch(delivery -> idOf(delivery).equals("other")));
        assertThat(deliveries).hasSizeLessThan(600);
        List<String> order = new ArrayList<>();
        until(
                () -> {
                    drain(deliveries, order);
                    return order.size() == 1_501;
                });
        order.remove("other");
        assertThat(order)
                .isSortedAccordingTo(
                        Comparator.comparingInt(id -> Integer.parseInt(id.substring(4))));
        until(() -> kafka.committed(0) == 1_500);
    }

    @Test
    void a_second_process_with_the_same_node_id_ends_the_first_one() {
        CommandSource first = source(kafka.settings, new LinkedBlockingQueue<>());
        source(kafka.settings, new LinkedBlockingQueue<>());
        assertThatThrownBy(() -> KafkaFixture.await(first.ended()))
                .isInstanceOf(NodeIdTakenException.class);
    }

    @Test
    void every_node_hears_every_control_command_and_which_are_older_than_it() throws Exception {
        kafka.produce(kafka.topics.control(), 0, "old", cancel("old"));
        kafka.produce(kafka.topics.control(), 0, "bad", "{");
        BlockingQueue<Delivery> one = new LinkedBlockingQueue<>();
        BlockingQueue<Delivery> two = new LinkedBlockingQueue<>();
        ControlSource first = control(kafka.settings, one);
        ControlSource second = control(kafka.settings.withNode(new NodeId("another-node")), two);
        KafkaFixture.await(first.caughtUp());
        kafka.produce(kafka.topics.control(), 0, "new", cancel("new"));
        for (BlockingQueue<Delivery> heard : List.of(one, two)) {
            Delivery old = next(heard);
            assertThat(old.command())
                    .isEqualTo(new JobCommand.Cancel(new ExecutionId("old"), null));
            assertThat(old.replayed()).isTrue();
            Delivery fresh = next(heard);
            assertThat(fresh.command())
                    .isEqualTo(new JobCommand.Cancel(new ExecutionId("new"), null));
            assertThat(fresh.replayed()).isFalse();
        }
        KafkaFixture.await(first.close());
        KafkaFixture.await(second.close());
    }

    @Test
    void commands_of_the_sink_reach_the_source() throws Exception {
        BlockingQueue<Delivery> deliveries = new LinkedBlockingQueue<>();
        source(kafka.settings, deliveries);
        CommandSink sink = new CommandSink(kafka.context, kafka.settings);
        byte[] json = HELLO.getBytes(StandardCharsets.UTF_8);
        KafkaFixture.await(sink.start(new ExecutionId("sent"), json, List.of()));
        assertThat(idOf(next(deliveries))).isEqualTo("sent");
        KafkaFixture.await(sink.close());
    }

    private CommandSource source(KafkaSettings settings, BlockingQueue<Delivery> deliveries) {
        CommandSource source = new CommandSource(kafka.context, settings, kafka.commands);
        opened.add(source);
        KafkaFixture.await(source.start(deliveries::add));
        return source;
    }

    private ControlSource control(KafkaSettings settings, BlockingQueue<Delivery> deliveries) {
        ControlSource source = new ControlSource(kafka.context, settings, kafka.commands);
        KafkaFixture.await(source.start(deliveries::add));
        return source;
    }

    private static void drain(BlockingQueue<Delivery> deliveries, List<String> ids) {
        for (Delivery delivery = deliveries.poll();
                delivery != null;
                delivery = deliveries.poll()) {
            ids.add(idOf(delivery));
            delivery.done();
        }
    }

    private static Delivery next(BlockingQueue<Delivery> deliveries) throws InterruptedException {
        Delivery delivery = deliveries.poll(KafkaFixture.DEADLINE_SECONDS, TimeUnit.SECONDS);
        assertThat(delivery).as("a delivery").isNotNull();
        return delivery;
    }

    private static String idOf(Delivery delivery) {
        return ((JobCommand.Start) delivery.command()).request().executionId().value();
    }

    private static String cancel(String id) {
        return "{\"type\": \"cancel\", \"executionId\": \"" + id + "\"}";
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return KafkaFixture.text(record.headers().lastHeader(name).value());
    }
}
