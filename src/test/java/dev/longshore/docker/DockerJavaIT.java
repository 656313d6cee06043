package dev.longshore.docker;

import dev.longshore.testing.TestEngine;

import io.vertx.core.Vertx;

import java.net.URI;

/** The contract, kept by a real engine. */
class DockerJavaIT extends DockerContract {
    @Override
    Docker open(Vertx vertx) {
        return DockerJava.create(
                vertx, DockerSettings.defaults().withHost(URI.create(TestEngine.host())));
    }

    @Override
    String image() {
        return TestEngine.image();
    }
}
