package dev.longshore.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/**
 * Clients that we did not write, from Debian, npm and Maven Central, in {@code target/clients}:
 * what is there from an earlier run is kept. Installs as root on Debian and its kin; elsewhere, and
 * where a registry cannot be reached, it fails and says what is missing.
 *
 * @param folder in which the examples are run
 */
public record ClientTools(Path folder) {
    private static final String KAFKA = "4.3.1";
    private static final Map<String, String> SCRIPTS =
            Map.of(
                    "kafka-console-producer.sh", "ConsoleProducer",
                    "kafka-console-consumer.sh", "consumer.ConsoleConsumer");

    /**
     * What Kafka's console tools are made of: without the servers that its other tools bring along.
     */
    private static final String POM =
            """
            <project xmlns="http://maven.apache.org/POM/4.0.0">
              <modelVersion>4.0.0</modelVersion>
              <groupId>none</groupId>
              <artifactId>none</artifactId>
              <version>1</version>
              <dependencies>
                <dependency>
                  <groupId>org.apache.kafka</groupId>
                  <artifactId>kafka-tools</artifactId>
                  <version>%1$s</version>
                  <exclusions>
                    <exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion>
                  </exclusions>
                </dependency>
                %2$s
              </dependencies>
            </project>
            """;

    /** Sees to it that everything is there that these two lines, as a person types them, name. */
    public static ClientTools install(String apt, String npm)
            throws IOException, InterruptedException {
        ClientTools tools = new ClientTools(Path.of("target/clients").toAbsolutePath());
        Files.createDirectories(tools.folder.resolve("bin"));
        String packages = words(apt, "apt-get install ");
        tools.must(
                "dpkg -s "
                        + packages
                        + " >/dev/null 2>&1 || { export DEBIAN_FRONTEND=noninteractive; apt-get -q"
                        + " update && apt-get -qy -o DPkg::Lock::Timeout=120 install"
                        + " --no-install-recommends "
                        + packages
                        + "; }");
        words(npm, "npm install ");
        Path lock = tools.folder.resolve("installed.txt");
        if (!Files.exists(lock) || !Files.readString(lock).equals(npm)) {
            Files.writeString(tools.folder.resolve("package.json"), "{\"private\": true}");
            tools.must(npm + " --no-audit --no-fund");
            Files.writeString(lock, npm);
        }
        tools.installKafka();
        Path python = tools.folder.resolve("bin/python3");
        Files.deleteIfExists(python); // Debian's, which has Debian's packages
        Files.createSymbolicLink(python, Path.of("/usr/bin/python3"));
        return tools;
    }

    /** What a script begins with that is to find them. */
    public String environment() {
        return "cd '" + folder + "'; PATH=\"" + folder.resolve("bin") + ":$PATH\"";
    }

    /** The scripts of Kafka's distribution: the same classes, by their names. */
    private void installKafka() throws IOException, InterruptedException {
        Path classpath = folder.resolve("kafka-" + KAFKA + ".txt");
        if (!Files.exists(classpath)) {
            StringBuilder others = new StringBuilder();
            String kafka = "org.apache.kafka:%s:" + KAFKA;
            for (String each :
                    new String[] {
                        kafka.formatted("kafka-clients"),
                        kafka.formatted("kafka-server-common"),
                        kafka.formatted("kafka-tools-api"),
                        "net.sf.jopt-simple:jopt-simple:5.0.4",
                        "org.slf4j:slf4j-nop:1.7.36"
                    }) {
                String[] parts = each.split(":", -1);
                others.append(
                        "<dependency><groupId>%s</groupId><artifactId>%s</artifactId><version>%s</version></dependency>"
                                .formatted((Object[]) parts));
            }
            Path pom = folder.resolve("pom.xml");
            Files.writeString(pom, POM.formatted(KAFKA, others));
            must("mvn -q -B -f pom.xml dependency:build-classpath -Dmdep.outputFile=" + classpath);
        }
        for (Map.Entry<String, String> script : SCRIPTS.entrySet()) {
            Path file = folder.resolve("bin").resolve(script.getKey());
            Files.writeString(
                    file,
                    "#!/bin/sh\nexec '%s' -cp '%s' org.apache.kafka.tools.%s \"$@\"\n"
                            .formatted(
                                    Path.of(System.getProperty("java.home"), "bin", "java"),
                                    Files.readString(classpath),
                                    script.getValue()));
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    private void must(String script) throws IOException, InterruptedException {
        Shell.Outcome outcome = Shell.run("cd '" + folder + "' || exit\n" + script);
        assertThat(outcome.exitCode())
                .as(
                        "The examples for clients need what could not be installed here: "
                                + script
                                + "\n"
                                + outcome.all())
                .isZero();
    }

    private static String words(String line, String start) {
        assertThat(line).startsWith(start).doesNotContain("\n");
        return line.substring(start.length());
    }
}
