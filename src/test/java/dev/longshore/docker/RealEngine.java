package dev.longshore.docker;

import dev.longshore.job.EngineSpec;
import dev.longshore.testing.TestEngine;

import io.vertx.core.Future;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

import java.net.URI;
import java.util.Map;
import java.util.UUID;

/**
 * A test against a real engine. Its containers carry a label of their own and are gone after each
 * test.
 */
abstract class RealEngine extends OnContext {
    final Map<String, String> labels = Map.of("dev.longshore.test", UUID.randomUUID().toString());
    Docker docker;

    static DockerSettings settings() {
        return DockerSettings.defaults().withHost(URI.create(TestEngine.host()));
    }

    @BeforeEach
    void openEngine() {
        docker = DockerJava.create(vertx, settings());
    }

    @AfterEach
    void closeEngine() {
        for (ContainerView left : ask(() -> docker.list(labels))) {
            ask(() -> docker.remove(left.id()));
        }
        ask(docker::close);
    }

    final ContainerSpec spec(String script) {
        return spec(EngineSpec.of(TestEngine.image(), "sh", "-c", script));
    }

    final ContainerSpec spec(EngineSpec engine) {
        return new ContainerSpec(
                "longshore-test-" + UUID.randomUUID(), engine, DockerContract.GRANT, labels);
    }

    final String started(String script) {
        return started(spec(script));
    }

    final String started(ContainerSpec spec) {
        String id = ask(() -> docker.create(spec));
        ask(() -> docker.start(id));
        return id;
    }

    final LogEnd readAll(LogRequest request, LogSink sink) {
        LogFollow follow = ask(() -> Future.succeededFuture(docker.follow(request, sink)));
        return ask(follow::end);
    }
}
