package dev.landfall.project;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ModelConfigTest {
    private static ModelConfig of(Map<String, Object> values) {
        return new ModelConfig(values);
    }

    @Test
    void tellsTheFormsOfAUniqueKeyApart() {
        assertThat(of(Map.of()).uniqueKey()).isEqualTo(new UniqueKey.None());
        assertThat(of(Map.of("unique_key", "")).uniqueKey()).isEqualTo(new UniqueKey.None());
        assertThat(of(Map.of("unique_key", List.of())).uniqueKey()).isEqualTo(new UniqueKey.None());
        assertThat(of(Map.of("unique_key", "a, b")).uniqueKey()).isEqualTo(new UniqueKey.Expression("a, b"));
        assertThat(of(Map.of("unique_key", List.of("a"))).uniqueKey()).isEqualTo(new UniqueKey.Columns(List.of("a")));
    }

    @Test
    void readsSequenceByFromMetaToo() {
        assertThat(of(Map.of()).sequenceBy()).isEmpty();
        assertThat(of(Map.of("sequence_by", "updated_at")).sequenceBy()).contains(List.of("updated_at"));
        assertThat(of(Map.of("meta", Map.of("sequence_by", List.of("a", "b")))).sequenceBy())
                .contains(List.of("a", "b"));
    }

    @Test
    void readsHooksInEveryForm() {
        ModelConfig config = of(Map.of(
                "pre-hook",
                List.of("select 1", Map.of("sql", "vacuum", "transaction", false)),
                "post-hook",
                "select 2"));

        assertThat(config.preHooks()).containsExactly(new Hook("select 1", true), new Hook("vacuum", false));
        assertThat(config.postHooks()).containsExactly(new Hook("select 2", true));
    }

    @Test
    void letsPredicatesWinOverIncrementalPredicates() {
        assertThat(of(Map.of("incremental_predicates", List.of("a"), "predicates", List.of("b")))
                        .incrementalPredicates())
                .containsExactly("b");
    }
}
