package dev.longshore.docker;

import dev.longshore.testing.TestEngine;

import io.vertx.core.Vertx;

import java.io.IOException;
import java.io.UncheckedIOException;

/** The contract, kept by a real engine. */
class DockerJavaIT extends DockerContract {
    @Override
    Docker open(Vertx vertx) {
        return DockerJava.create(vertx, RealEngine.settings());
    }

    @Override
    void addImage(String repository, String tag) {
        try (EngineCalls calls = new EngineCalls(RealEngine.settings(), ApiVersion.OLDEST)) {
            String id = calls.client().createContainerCmd(image()).exec().getId();
            calls.client().commitCmd(id).withRepository(repository).withTag(tag).exec();
            calls.client().removeContainerCmd(id).exec();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    String image() {
        return TestEngine.image();
    }
}
