package dev.landfall.template;

import dev.landfall.jinja.Location;
import dev.landfall.project.Problems;
import dev.landfall.project.YamlMap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The configuration that dbt_project.yml gives to nodes by their folders: {@code models: shop: staging: +schema: x}. */
final class ConfigTree {
    /** dbt_project.yml's key for each kind of node. */
    private static final Map<String, List<String>> KEYS = Map.of(
            "model", List.of("models"),
            "analysis", List.of("models"),
            "exposure", List.of("exposures"),
            "seed", List.of("seeds"),
            "snapshot", List.of("snapshots"),
            "source", List.of("sources"),
            "test", List.of("data_tests", "tests"));

    private final YamlMap settings;
    private final Set<YamlMap> used = Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));

    ConfigTree(YamlMap settings) {
        this.settings = settings;
    }

    /** Lays what the tree says of the node, outer folders first, over the values. */
    void apply(Map<String, @Nullable Object> values, String kind, List<String> fqn) {
        levels(kind, fqn).forEach(level -> ConfigMerge.apply(values, level));
    }

    /** As {@link #apply}, but inner folders take the place of outer ones. */
    void put(Map<String, @Nullable Object> values, String kind, List<String> fqn) {
        levels(kind, fqn).forEach(values::putAll);
    }

    /** Where the innermost folder sets the key, or null. */
    @Nullable
    Location place(String kind, List<String> fqn, String key) {
        Location place = null;
        for (YamlMap level : folders(kind, fqn)) {
            for (String written : level.keySet()) {
                if (ConfigMerge.key(written.replaceFirst("^\\+", "")).equals(key)) {
                    place = level.valueAt(written);
                }
            }
        }
        return place;
    }

    private List<Map<String, @Nullable Object>> levels(String kind, List<String> fqn) {
        return folders(kind, fqn).stream().map(ConfigTree::level).toList();
    }

    private List<YamlMap> folders(String kind, List<String> fqn) {
        List<YamlMap> levels = new ArrayList<>();
        for (String key : KEYS.getOrDefault(kind, List.of())) {
            if (!(settings.get(key) instanceof YamlMap tree)) {
                continue;
            }
            YamlMap level = tree;
            levels.add(level);
            for (String name : fqn) {
                if (!(level.get(name) instanceof YamlMap deeper)) {
                    break;
                }
                level = deeper;
                used.add(level);
                levels.add(level);
            }
        }
        return levels;
    }

    /** What is configuration on a level: keys with a plus, and plain keys that hold no mapping. */
    private static Map<String, @Nullable Object> level(YamlMap level) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        level.forEach((key, value) -> {
            if (key.startsWith("+")) {
                values.put(key.substring(1).strip(), value);
            } else if (!(value instanceof Map)) {
                values.put(key, value);
            }
        });
        return values;
    }

    /** Warns of folders that no node lies in. */
    void warnOfUnused(String file, Set<String> packages, Problems problems) {
        for (String key : List.of("models", "seeds", "snapshots", "sources", "tests", "data_tests")) {
            if (settings.get(key) instanceof YamlMap tree) {
                warn(file, tree, new ArrayList<>(List.of(key)), packages, problems);
            }
        }
    }

    private void warn(String file, YamlMap level, List<String> path, Set<String> packages, Problems problems) {
        level.forEach((key, value) -> {
            if (!key.startsWith("+") && value instanceof YamlMap deeper) {
                path.add(key);
                if (used.contains(deeper)) {
                    warn(file, deeper, path, packages, problems);
                } else {
                    String hint = path.size() == 2 ? Problems.nearest(key, packages) : "";
                    problems.warn(
                            level.at(key),
                            "configuration of " + String.join(".", path)
                                    + " applies to nothing" + hint
                                    + (path.size() > 2
                                            ? "; a mapping meant as a value needs a plus, '+" + key + "'"
                                            : ""));
                }
                path.remove(path.size() - 1);
            }
        });
    }
}
