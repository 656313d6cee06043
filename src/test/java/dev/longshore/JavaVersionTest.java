package dev.longshore;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * The build may be started by an older Java; what it compiles and tests must run on 25 or newer.
 */
class JavaVersionTest {

    @Test
    void tests_run_on_the_java_that_longshore_is_built_for() {
        assertThat(Runtime.version().feature()).isGreaterThanOrEqualTo(25);
    }
}
