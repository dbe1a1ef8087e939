package dev.landfall.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ModelGraphTest {
    private static final ModelGraph DIAMOND = ModelGraph.of(Map.of(
            "a", List.of(),
            "b", List.of("a"),
            "c", List.of("a"),
            "d", List.of("c", "b"),
            "e", List.of("d")));

    @Test
    void putsParentsBeforeChildren() {
        assertThat(DIAMOND.order()).containsExactly("a", "b", "c", "d", "e");
        assertThat(DIAMOND.order(List.of("e", "b"))).containsExactly("b", "e");
    }

    @Test
    void walksBothWays() {
        assertThat(DIAMOND.upstream("d")).containsExactly("a", "b", "c");
        assertThat(DIAMOND.downstream("b")).containsExactly("d", "e");
        assertThat(DIAMOND.downstream("a", 1)).containsExactly("b", "c");
        assertThat(DIAMOND.upstream("e", 2)).containsExactly("b", "c", "d");
        assertThat(DIAMOND.parents("d")).containsExactly("c", "b");
        assertThat(DIAMOND.children("a")).containsExactly("b", "c");
    }

    @Test
    void namesTheCycle() {
        Map<String, List<String>> cycle =
                Map.of("a", List.of(), "b", List.of("a", "d"), "c", List.of("b"), "d", List.of("c"), "e", List.of("d"));

        assertThatThrownBy(() -> ModelGraph.of(cycle)).isInstanceOfSatisfying(CyclicGraphException.class, e -> {
            assertThat(e.path()).hasSize(4).startsWith(e.path().get(3));
            for (int i = 0; i < 3; i++) {
                assertThat(cycle.get(e.path().get(i + 1))).contains(e.path().get(i));
            }
        });
    }

    @Test
    void refusesWhatReadsItself() {
        assertThatThrownBy(() -> ModelGraph.of(Map.of("a", List.of("a"))))
                .isInstanceOf(CyclicGraphException.class)
                .hasMessage("cycle: a → a");
    }

    @Test
    void leavesOutParentsThatAreNoNodes() {
        assertThat(ModelGraph.of(Map.of("a", List.of("gone"))).parents("a")).isEmpty();
    }
}
