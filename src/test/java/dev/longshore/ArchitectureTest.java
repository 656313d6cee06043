package dev.longshore;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The table of rooms: which package may import which, and which libraries each one knows. Whoever
 * wants a new arrow changes this table, in the same commit, and says why.
 */
class ArchitectureTest {

    private static final List<String> VERTX = List.of("io.vertx.core..");
    private static final List<String> VERTX_KAFKA =
            List.of("io.vertx.kafka..", "org.apache.kafka..");

    /**
     * Netty, on which Vert.x's HTTP stands, knows the names of statuses and the forms of addresses.
     */
    private static final List<String> VERTX_WEB =
            List.of(
                    "io.vertx.ext.web..",
                    "io.vertx.ext.healthchecks..",
                    "io.vertx.micrometer..",
                    "io.netty..");

    /** With what its model of a request is written by. */
    private static final List<String> DOCKER_JAVA =
            List.of("com.github.dockerjava..", "com.fasterxml.jackson..");

    private static final List<String> TAR = List.of("org.apache.commons.compress..");
    private static final List<String> JACKSON = List.of("com.fasterxml.jackson..");
    private static final List<String> WIRE_FORMS =
            List.of("io.cloudevents..", "com.networknt..", "com.github.f4b6a3.uuid..");
    private static final List<String> COMMAND_LINE = List.of("picocli..");
    private static final List<String> METERS = List.of("io.micrometer..");
    private static final List<String> LOGGING = List.of("org.slf4j..");
    private static final List<String> SETTINGS_LOGGING_METRICS =
            List.of(
                    "org.yaml.snakeyaml..",
                    "org.apache.logging.log4j..",
                    "io.micrometer..",
                    "io.netty..");

    /** What every room may use. */
    private static final String[] EVERYWHERE = {"java..", "javax..", "jdk..", "org.jspecify.."};

    /** The rooms, lowest first. */
    private static final List<Room> ROOMS =
            List.of(
                    room("job").knows(),
                    room("wire").imports("job").knows(JACKSON, WIRE_FORMS),
                    room("capacity").imports("job").knows(),
                    room("docker").imports("job").knows(DOCKER_JAVA, VERTX, TAR, LOGGING, METERS),
                    room("kafka").imports("job", "wire").knows(VERTX_KAFKA, VERTX, LOGGING, METERS),
                    room("results").imports("job").knows(VERTX, TAR, LOGGING),
                    room("executor")
                            .imports("job", "capacity", "docker", "kafka", "results", "bus")
                            .knows(VERTX, LOGGING),
                    room("bus").imports("job").knows(VERTX, LOGGING),
                    room("board").imports("job", "kafka", "bus").knows(VERTX, LOGGING, METERS),
                    room("http")
                            .imports("job", "wire", "board", "bus", "kafka")
                            .knows(VERTX_WEB, VERTX, LOGGING, METERS),
                    room("app")
                            .imports(
                                    "job",
                                    "wire",
                                    "capacity",
                                    "docker",
                                    "kafka",
                                    "executor",
                                    "results",
                                    "bus",
                                    "board",
                                    "http")
                            .knows(
                                    VERTX,
                                    VERTX_WEB,
                                    JACKSON,
                                    TAR,
                                    LOGGING,
                                    SETTINGS_LOGGING_METRICS),
                    room("bench").imports("app").knows(VERTX_KAFKA, JACKSON),
                    room("cli")
                            .imports("job", "wire", "app", "bench")
                            .knows(COMMAND_LINE, JACKSON, LOGGING));

    /** The one place outside {@code kafka} that knows Kafka: the embedded broker. */
    private static final String BROKER = "dev.longshore.app.dev..";

    private static final String[] BROKER_LIBRARIES = {
        "org.apache.kafka..", "kafka..", "scala..", "io.vertx.kafka.."
    };

    private static JavaClasses classes;

    @BeforeAll
    static void read_the_compiled_classes() {
        classes =
                new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        .importPackages("dev.longshore");
    }

    static List<Room> rooms() {
        return ROOMS;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rooms")
    void a_room_imports_only_what_the_table_says(Room room) {
        holds(
                classes()
                        .that(resideInAPackage(room.packages()).and(notTheBroker()))
                        .should()
                        .onlyDependOnClassesThat(resideInAnyPackage(room.allowed()))
                        .as(
                                "the room "
                                        + room.name()
                                        + " imports only what the table of rooms says"));
    }

    @Test
    void the_embedded_broker_imports_what_app_may_and_kafka() {
        String[] allowed =
                Stream.concat(
                                ROOMS.stream()
                                        .filter(room -> room.name().equals("app"))
                                        .flatMap(app -> Stream.of(app.allowed())),
                                Stream.of(BROKER_LIBRARIES))
                        .toArray(String[]::new);
        holds(
                classes()
                        .that(resideInAPackage(BROKER))
                        .should()
                        .onlyDependOnClassesThat(resideInAnyPackage(allowed)));
    }

    @Test
    void every_class_lives_in_a_room() {
        String[] all = ROOMS.stream().map(Room::packages).toArray(String[]::new);
        holds(
                classes()
                        .that()
                        .haveSimpleNameNotEndingWith("package-info")
                        .should()
                        .resideInAnyPackage(all));
    }

    @Test
    void rooms_form_no_cycle() {
        holds(slices().matching("dev.longshore.(*)..").should().beFreeOfCycles());
    }

    @Test
    void every_package_is_null_marked() {
        holds(classes().should(liveInANullMarkedPackage()));
    }

    @Test
    void only_the_command_line_prints() {
        holds(
                noClasses()
                        .that()
                        .resideOutsideOfPackage("dev.longshore.cli..")
                        .should()
                        .accessField(System.class, "out")
                        .orShould()
                        .accessField(System.class, "err"));
    }

    @Test
    void packages_are_named_for_what_they_hold() {
        holds(
                noClasses()
                        .should()
                        .resideInAnyPackage(
                                "..util..",
                                "..utils..",
                                "..common..",
                                "..impl..",
                                "..manager..",
                                "..service.."));
    }

    private static void holds(ArchRule rule) {
        // A room may still be empty.
        rule.allowEmptyShould(true).check(classes);
    }

    private static DescribedPredicate<JavaClass> notTheBroker() {
        return DescribedPredicate.not(resideInAPackage(BROKER));
    }

    private static ArchCondition<JavaClass> liveInANullMarkedPackage() {
        return new ArchCondition<>("live in a package marked @NullMarked") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                boolean marked = type.getPackage().isAnnotatedWith(NullMarked.class);
                events.add(
                        new SimpleConditionEvent(
                                type, marked, type.getPackageName() + " is not @NullMarked"));
            }
        };
    }

    private static Room room(String name) {
        return new Room(name, List.of(), List.of());
    }

    /**
     * One line of the table.
     *
     * @param name the package below {@code dev.longshore}
     * @param rooms the rooms it may import
     * @param libraries the packages of other libraries it may import
     */
    record Room(String name, List<String> rooms, List<String> libraries) {

        Room imports(String... others) {
            return new Room(name, List.of(others), libraries);
        }

        @SafeVarargs
        final Room knows(List<String>... groups) {
            var known = new ArrayList<String>();
            for (List<String> group : groups) {
                known.addAll(group);
            }
            return new Room(name, rooms, List.copyOf(known));
        }

        String packages() {
            return "dev.longshore." + name + "..";
        }

        String[] allowed() {
            Stream<String> own = Stream.concat(Stream.of(name), rooms.stream());
            return Stream.of(
                            own.map(other -> "dev.longshore." + other + ".."),
                            libraries.stream(),
                            Stream.of(EVERYWHERE))
                    .flatMap(parts -> parts)
                    .toArray(String[]::new);
        }

        @Override
        public String toString() {
            return name;
        }
    }
}
