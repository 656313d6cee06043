package dev.longshore.kafka;

import dev.longshore.wire.EventCodec;

import org.apache.kafka.clients.producer.ProducerRecord;

import java.util.List;

/** The records of a {@link EventSink.Finale}, which belong into one transaction. Pure. */
final class Finales {
    private Finales() {}

    static List<ProducerRecord<byte[], byte[]>> records(
            Topics topics, EventCodec codec, EventSink.Finale finale) {
        return List.of(
                Records.record(topics.logs(), codec.log(finale.logEnd())),
                Records.record(
                        topics.status(), codec.status(finale.status(), finale.traceparent())),
                Records.record(
                        topics.results(), codec.result(finale.result(), finale.traceparent())));
    }
}
