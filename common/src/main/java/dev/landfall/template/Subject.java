package dev.landfall.template;

import dev.landfall.project.ModelConfig;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a template is rendered for: a node, or the project itself.
 *
 * @param kind {@code model}, {@code test}, {@code operation}, …
 * @param self what {@code this} answers, or null where there is none
 * @param dependsOn unique ids that {@code ref()} may answer, or null when all may
 * @param map what {@code model} answers; made anew for each rendering that asks
 */
record Subject(
        String uniqueId,
        String name,
        String packageName,
        String kind,
        @Nullable RelationValue self,
        ModelConfig config,
        @Nullable Set<String> dependsOn,
        Supplier<Map<String, @Nullable Object>> map) {}
