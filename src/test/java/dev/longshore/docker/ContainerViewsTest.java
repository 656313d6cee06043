package dev.longshore.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.PortBinding;

import io.vertx.core.json.JsonObject;

import org.junit.jupiter.api.Test;

import java.util.List;

class ContainerViewsTest {
    private static List<PortBinding> ports(String network) {
        return ContainerViews.of(
                        new JsonObject(
                                """
                                {"Id": "1", "Name": "/a", "Image": "sha256:0", "State": {"Status": "running"},
                                 "Config": {"Labels": null}, "NetworkSettings": %s}
                                """
                                        .formatted(network)))
                .ports();
    }

    @Test
    void ports_have_the_hosts_real_numbers() {
        assertThat(
                        ports(
                                """
                                {"Ports": {"80/tcp": [{"HostIp": "0.0.0.0", "HostPort": "49153"}, {"HostIp": "::", "HostPort": "49153"}],
                                 "53/udp": [{"HostIp": "127.0.0.1", "HostPort": "5353"}], "9000/tcp": null}}
                                """))
                .containsExactly(
                        new PortBinding(53, 5353, PortBinding.Protocol.UDP, "127.0.0.1"),
                        new PortBinding(80, 49_153, PortBinding.Protocol.TCP, "0.0.0.0"),
                        new PortBinding(80, 49_153, PortBinding.Protocol.TCP, "::"));
    }

    @Test
    void what_does_not_run_has_none() {
        assertThat(ports("{\"Ports\": {}}")).isEmpty();
        assertThat(ports("{}")).isEmpty();
    }
}
