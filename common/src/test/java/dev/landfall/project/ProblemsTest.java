package dev.landfall.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProblemsTest {
    @Test
    void namesTheNearestName() {
        assertThat(Problems.nearest("int_shopify__order", List.of("int_shopify__orders", "fct_sales")))
                .isEqualTo(": did you mean 'int_shopify__orders'?");
    }

    @Test
    void listsWhatIsKnownWhenNothingIsNear() {
        assertThat(Problems.nearest("zzz", List.of("orders", "customers"))).isEqualTo("; known: customers, orders");
        assertThat(Problems.nearest("zzz", List.of())).isEmpty();
    }

    @Test
    void tellsAllTogetherInTheOrderOfFilesAndLines() {
        Problems problems = new Problems();
        problems.error("b.sql", 2, "two");
        problems.error("b.sql", 1, "one");
        problems.error("a.yml", 0, "whole");
        problems.error("a.yml", 0, "whole");

        assertThatThrownBy(problems::throwIfAny)
                .isInstanceOf(InvalidProjectException.class)
                .hasMessage("3 problems in the project:\n  a.yml: whole\n  b.sql:1: one\n  b.sql:2: two");
    }
}
