package dev.longshore.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

import java.util.List;

class FigureTest {
    @Test
    void a_median_lies_in_the_middle_and_its_spread_at_the_ends() {
        Figure figure = Figure.median("x", "ms", List.of(9.0, 1.0, 3.0));

        assertThat(figure.value()).isEqualTo(3.0);
        assertThat(figure.low()).isEqualTo(1.0);
        assertThat(figure.high()).isEqualTo(9.0);
        assertThat(figure.count()).isEqualTo(3);
    }

    @Test
    void between_two_values_a_quantile_is_between_them() {
        assertThat(Figure.median("x", "", List.of(1.0, 2.0)).value()).isEqualTo(1.5);
        assertThat(Figure.quantile("x", "", List.of(0.0, 100.0), 0.99).value())
                .isCloseTo(99.0, within(1e-9));
    }

    @Test
    void nothing_has_no_median() {
        assertThatThrownBy(() -> Figure.median("x", "ms", List.of())).hasMessage("no values of x");
    }
}
