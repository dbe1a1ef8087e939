package dev.landfall.template;

import dev.landfall.jinja.Template;
import dev.landfall.project.ModelConfig;
import dev.landfall.project.ProjectSettings;
import dev.landfall.project.Relation;
import dev.landfall.project.Target;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What every rendering of a project shares. It does not change, so that any number of threads may use it. */
final class Library {
    final String name;
    final Target target;
    final ProjectSettings settings;
    final Macros macros;
    final RelationValue.Parts quoting;

    private final Map<String, Template> texts = new ConcurrentHashMap<>();

    private @Nullable Map<String, @Nullable Object> graph;

    Library(String name, Target target, ProjectSettings settings, Macros macros) {
        this.name = name;
        this.target = target;
        this.settings = settings;
        this.macros = macros;
        this.quoting = RelationValue.Parts.ALL.with(settings.quoting());
    }

    /** What {@code target} answers; a copy of one's own. */
    Map<String, @Nullable Object> targetMap() {
        return new LinkedHashMap<>(target.values());
    }

    /** A template that stands in a string: a hook, a variable, a value in YAML. Parsed once. */
    Template text(String file, String source) {
        Template known = texts.get(source);
        if (known == null) {
            known = Template.parse(file, source);
            if (texts.size() < 10_000) {
                texts.put(source, known);
            }
        }
        return known;
    }

    /** Whether a string holds anything for Jinja to do. */
    static boolean isTemplate(String text) {
        return text.contains("{{") || text.contains("{%") || text.contains("{#");
    }

    /** What {@code graph} answers while running: made once. */
    synchronized Map<String, @Nullable Object> graph(References references) {
        if (graph == null) {
            graph = references.graph(this);
        }
        return graph;
    }

    RelationValue relation(Relation relation, @Nullable String type, ModelConfig config) {
        RelationValue.Parts parts =
                config.get("quoting") instanceof Map<?, ?> map && !map.isEmpty() ? quoting.with(map) : quoting;
        return RelationValue.of(relation, type, parts);
    }
}
