package dev.longshore.kafka;

import dev.longshore.job.CommandPosition;
import dev.longshore.wire.Header;
import dev.longshore.wire.Message;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** Between Kafka's records and {@link Message}; bytes are passed on, not copied. */
final class Records {
    private Records() {}

    static Message message(ConsumerRecord<byte[], byte[]> consumed) {
        List<Header> headers = new ArrayList<>();
        for (org.apache.kafka.common.header.Header header : consumed.headers()) {
            byte[] value = header.value();
            headers.add(new Header(header.key(), value == null ? new byte[0] : value));
        }
        return new Message(consumed.key(), consumed.value(), headers);
    }

    /** Where a start command stands; its text is the default of the execution id. */
    static CommandPosition position(ConsumerRecord<byte[], byte[]> consumed) {
        return new CommandPosition(consumed.topic(), consumed.partition(), consumed.offset());
    }

    static ProducerRecord<byte[], byte[]> record(String topic, Message message) {
        return record(topic, null, message);
    }

    /** With a record timestamp in milliseconds, or null for now. */
    static ProducerRecord<byte[], byte[]> record(
            String topic, @Nullable Long timestamp, Message message) {
        ProducerRecord<byte[], byte[]> produced =
                new ProducerRecord<>(topic, null, timestamp, message.key(), message.value());
        for (Header header : message.headers()) {
            produced.headers().add(header.name(), header.value());
        }
        return produced;
    }
}
