package dev.longshore.http;

import dev.longshore.kafka.KafkaSettings;
import dev.longshore.kafka.Topics;

import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import java.util.Set;

/**
 * Where producers and readers find Kafka: the brokers as the node was told of them, and its topics.
 * No other property is told: those may hold secrets. On the event loop of the connection.
 */
final class KafkaRoutes {
    private final KafkaSettings kafka;

    KafkaRoutes(KafkaSettings kafka) {
        this.kafka = kafka;
    }

    void mount(Router router) {
        router.get("/api/v1/kafka").handler(this::answer);
    }

    private void answer(RoutingContext context) {
        Parameters.of(context, Set.of());
        Topics topics = kafka.topics();
        JsonObject names =
                new JsonObject()
                        .put("jobs", topics.jobs())
                        .put("control", topics.control())
                        .put("status", topics.status())
                        .put("results", topics.results())
                        .put("logs", topics.logs())
                        .put("nodes", topics.nodes())
                        .put("deadLetters", topics.deadLetters());
        JsonObject body =
                new JsonObject()
                        .put("bootstrapServers", kafka.bootstrapServers())
                        .put("topics", names);
        Answers.json(context, Answers.OK, body.toBuffer());
    }
}
