package dev.landfall.graph;

import dev.landfall.graph.SelectionSpec.Difference;
import dev.landfall.graph.SelectionSpec.Intersection;
import dev.landfall.graph.SelectionSpec.Term;
import dev.landfall.graph.SelectionSpec.Union;
import dev.landfall.project.Problems;
import dev.landfall.project.YamlMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Selections with a name, of the project's selectors.yml. */
public final class Selectors {
    private final Map<String, YamlMap> written;
    private final IndirectSelection tests;

    Selectors(Map<String, YamlMap> written, IndirectSelection tests) {
        this.written = written;
        this.tests = tests;
    }

    /** Tells what is wrong with them, each with file and line. */
    public static void check(Map<String, YamlMap> written, Problems problems) {
        Selectors selectors = new Selectors(written, IndirectSelection.EAGER);
        written.forEach((name, selector) -> {
            try {
                selectors.named(name);
            } catch (IllegalArgumentException e) {
                problems.error(selector.valueAt("definition"), "selector '" + name + "': " + e.getMessage());
            }
        });
        if (written.values().stream().filter(Selectors::isDefault).count() > 1) {
            problems.error("selectors.yml", 0, "more than one selector has 'default: true'");
        }
    }

    /** @throws IllegalArgumentException when there is none of the name, or it cannot be read */
    SelectionSpec named(String name) {
        YamlMap selector = written.get(name);
        if (selector == null) {
            throw new IllegalArgumentException(
                    "there is no selector '" + name + "' in selectors.yml" + Problems.nearest(name, written.keySet()));
        }
        return spec(selector.get("definition"));
    }

    /** The one that commands without --select and --exclude take. */
    Optional<String> usual() {
        return written.entrySet().stream()
                .filter(each -> isDefault(each.getValue()))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private static boolean isDefault(YamlMap selector) {
        return Boolean.TRUE.equals(selector.get("default"));
    }

    private SelectionSpec spec(@Nullable Object definition) {
        if (definition instanceof String text) {
            return known(Term.of(text, tests));
        }
        if (!(definition instanceof YamlMap map)) {
            throw new IllegalArgumentException("a definition is a text, or a mapping with 'union', 'intersection' or"
                    + " 'method' and 'value', but this is " + definition);
        }
        if (map.containsKey("union")) {
            return without(new Union(parts(map, "union"), IndirectSelection.EAGER), map.list("union"));
        }
        if (map.containsKey("intersection")) {
            return without(
                    new Intersection(parts(map, "intersection"), IndirectSelection.EAGER), map.list("intersection"));
        }
        SelectionSpec term = known(term(map));
        return map.containsKey("exclude") ? new Difference(term, excluded(map)) : term;
    }

    private List<SelectionSpec> parts(YamlMap map, String key) {
        if (!(map.get(key) instanceof List<?> list)) {
            throw new IllegalArgumentException("'" + key + "' must be a list");
        }
        return list.stream().filter(part -> !isExclusion(part)).map(this::spec).toList();
    }

    private static boolean isExclusion(@Nullable Object part) {
        return part instanceof YamlMap map && map.containsKey("exclude") && !map.containsKey("method");
    }

    private SelectionSpec without(SelectionSpec whole, List<?> parts) {
        List<SelectionSpec> exclusions = new ArrayList<>();
        for (Object part : parts) {
            if (isExclusion(part)) {
                exclusions.add(excluded((YamlMap) part));
            }
        }
        if (exclusions.size() > 1) {
            throw new IllegalArgumentException("there is more than one 'exclude' in one list");
        }
        return exclusions.isEmpty() ? whole : new Difference(whole, exclusions.get(0));
    }

    private SelectionSpec excluded(YamlMap map) {
        return new Union(parts(map, "exclude"), IndirectSelection.EAGER);
    }

    private static Term known(Term term) {
        SelectionMethods.refuseUnknown(term);
        return term;
    }

    private Term term(YamlMap map) {
        if (map.size() == 1) {
            String method = map.keySet().iterator().next();
            return new Term(method, map.text(method, ""), 0, 0, false, tests);
        }
        String method = map.text("method");
        String value = map.text("value");
        if (method == null || value == null) {
            throw new IllegalArgumentException(
                    "a definition has 'method' and 'value', but this one has only " + String.join(", ", map.keySet()));
        }
        String own = map.text("indirect_selection");
        return new Term(
                method,
                value,
                steps(map, "parents"),
                steps(map, "children"),
                Boolean.TRUE.equals(map.get("childrens_parents")),
                own == null ? tests : IndirectSelection.of(own));
    }

    private static int steps(YamlMap map, String side) {
        if (!Boolean.TRUE.equals(map.get(side))) {
            return 0;
        }
        return map.get(side + "_depth") instanceof Number depth ? depth.intValue() : Term.ALL;
    }
}
