package dev.longshore.kafka;

import io.vertx.core.Context;
import io.vertx.core.Future;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TopicExistsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Creates the topics that are missing and leaves the others as they are. Called once at start, from
 * any thread; answers on the given context. Nodes that start together do not disturb each other.
 */
public final class TopicSetup {
    private static final Logger LOG = LoggerFactory.getLogger(TopicSetup.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

    private final Context context;
    private final KafkaSettings settings;

    /** Prepares; talks to nobody yet. */
    public TopicSetup(Context context, KafkaSettings settings) {
        this.context = context;
        this.settings = settings;
    }

    /**
     * Succeeds once all seven topics exist; fails where the brokers do not answer within ten
     * seconds, or refuse.
     */
    public Future<Void> ensure() {
        Future<Void> done =
                context.owner()
                        .executeBlocking(
                                () -> Admin.create(ClientProperties.admin(settings, "setup")),
                                false)
                        .compose(
                                admin ->
                                        answer(admin.listTopics().names())
                                                .compose(existing -> create(admin, existing))
                                                .eventually(() -> close(admin)));
        return Future.fromCompletionStage(done.toCompletionStage(), context);
    }

    private Future<Void> create(Admin admin, Set<String> existing) {
        List<NewTopic> missing =
                WantedTopics.of(settings).stream()
                        .filter(topic -> !existing.contains(topic.name()))
                        .toList();
        if (missing.isEmpty()) {
            return Future.succeededFuture();
        }
        List<Future<?>> created = new ArrayList<>();
        admin.createTopics(missing)
                .values()
                .forEach(
                        (name, outcome) ->
                                created.add(
                                        answer(outcome)
                                                .onSuccess(
                                                        nothing ->
                                                                LOG.info("created topic {}", name))
                                                .recover(
                                                        failure ->
                                                                failure
                                                                                instanceof
                                                                                TopicExistsException
                                                                        ? Future.succeededFuture()
                                                                        : Future.failedFuture(
                                                                                new IllegalStateException(
                                                                                        "topic "
                                                                                                + name
                                                                                                + " could"
                                                                                                + " not be"
                                                                                                + " created:"
                                                                                                + " "
                                                                                                + failure
                                                                                                        .getMessage(),
                                                                                        failure)))));
        return Future.join(created).mapEmpty();
    }

    private static <T> Future<T> answer(KafkaFuture<T> future) {
        return Future.fromCompletionStage(future.toCompletionStage());
    }

    private Future<Void> close(Admin admin) {
        return context.owner()
                .executeBlocking(
                        () -> {
                            admin.close(CLOSE_TIMEOUT);
                            return null;
                        },
                        false);
    }
}
