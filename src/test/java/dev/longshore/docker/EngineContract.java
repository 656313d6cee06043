package dev.longshore.docker;

import dev.longshore.job.EngineSpec;
import dev.longshore.job.Grant;

import io.vertx.core.Vertx;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

import java.util.Map;
import java.util.UUID;

/**
 * The engine that a contract is about. The programs are shell scripts; a fake knows them by their
 * command. Its containers carry a label of their own and are gone after each test.
 */
abstract class EngineContract extends OnContext {
    static final Map<String, String> LABELS =
            Map.of("dev.longshore.test", UUID.randomUUID().toString());
    static final Grant GRANT = new Grant(500_000_000L, 64L << 20, 64);

    Docker docker;

    abstract Docker open(Vertx vertx);

    abstract String image();

    /** Gives the engine an image that no other reference names. */
    abstract void addImage(String repository, String tag);

    @BeforeEach
    void openEngine() {
        docker = open(vertx);
    }

    @AfterEach
    void closeEngine() {
        for (ContainerView left : ask(() -> docker.list(LABELS))) {
            ask(() -> docker.remove(left.id()));
        }
        ask(docker::close);
    }

    final ContainerSpec spec(String script) {
        String name = "longshore-test-" + UUID.randomUUID();
        return new ContainerSpec(name, EngineSpec.of(image(), "sh", "-c", script), GRANT, LABELS);
    }

    final String created(String script) {
        ContainerSpec spec = spec(script);
        return ask(() -> docker.create(spec));
    }

    final String started(String script) {
        String id = created(script);
        ask(() -> docker.start(id));
        return id;
    }
}
