package dev.landfall.template;

import dev.landfall.jinja.Python;
import dev.landfall.project.ModelVersion;
import dev.landfall.project.Problems;
import dev.landfall.project.YamlMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Takes the description of a versioned model apart: each version is the model's description, and its own laid over it. */
final class ModelVersions {
    private static final List<String> OWN = List.of("description", "docs", "access", "constraints");

    private final Problems problems;

    ModelVersions(Problems problems) {
        this.problems = problems;
    }

    /** By the names of the files that they describe; the latest may also lie in a file of the model's own name. */
    Map<String, PropertyFiles.Entry> of(SourceFile file, String name, YamlMap model) {
        Map<String, YamlMap> byNumber = new LinkedHashMap<>();
        Object highest = null;
        for (YamlMap version : model.maps("versions", problems)) {
            Object number = version.get("v");
            if (number == null) {
                problems.error(version.place(), "a version of model '" + name + "' has no 'v'");
            } else if (byNumber.putIfAbsent(Python.str(number), version) != null) {
                problems.error(version.valueAt("v"), "model '" + name + "' has version " + number + " twice");
            } else if (highest == null || ModelVersion.compare(number, highest) > 0) {
                highest = number;
            }
        }
        Object latest = model.get("latest_version") == null ? highest : model.get("latest_version");
        Map<String, PropertyFiles.Entry> entries = new LinkedHashMap<>();
        if (latest == null) {
            return entries;
        }
        if (!byNumber.containsKey(Python.str(latest))) {
            problems.error(
                    model.valueAt("latest_version"),
                    "latest_version " + latest + " is none of the versions of model '" + name + "': "
                            + String.join(", ", byNumber.keySet()));
            return entries;
        }
        for (YamlMap written : byNumber.values()) {
            Object number = written.get("v");
            ModelVersion version = new ModelVersion(number == null ? "" : number, latest);
            PropertyFiles.Entry entry =
                    new PropertyFiles.Entry(file, "model", "models", name, laidOver(model, written), version);
            entries.put(written.text("defined_in", name + "_" + version.suffix()), entry);
            if (version.isLatest()) {
                entries.putIfAbsent(name, entry);
            }
        }
        return entries;
    }

    private YamlMap laidOver(YamlMap model, YamlMap version) {
        YamlMap both = model.with("config", merged(model.map("config"), version.map("config")));
        for (String key : OWN) {
            Object own = version.get(key);
            if (own != null && !(own instanceof List<?> list && list.isEmpty())) {
                both = both.with(key, own);
            }
        }
        if (version.get("data_tests") != null || version.get("tests") != null) {
            both = both.with("tests", null)
                    .with(
                            "data_tests",
                            version.get("data_tests") == null ? version.get("tests") : version.get("data_tests"));
        }
        return both.with("columns", columns(model, version))
                .with("deprecation_date", version.get("deprecation_date"))
                .with("versions", null)
                .with("latest_version", null);
    }

    private static YamlMap merged(YamlMap below, YamlMap above) {
        YamlMap merged = below;
        for (Map.Entry<String, @Nullable Object> each : above.entrySet()) {
            Object value = each.getValue() instanceof YamlMap map && below.get(each.getKey()) instanceof YamlMap other
                    ? merged(other, map)
                    : each.getValue();
            merged = merged.with(each.getKey(), value);
        }
        return merged;
    }

    /** Those of the model that the version includes, and then its own. */
    private static List<@Nullable Object> columns(YamlMap model, YamlMap version) {
        List<@Nullable Object> columns = new ArrayList<>();
        YamlMap choice = null;
        List<@Nullable Object> own = new ArrayList<>();
        for (Object item : version.list("columns")) {
            if (item instanceof YamlMap map && (map.containsKey("include") || map.containsKey("exclude"))) {
                choice = map;
            } else {
                own.add(item);
            }
        }
        for (Object item : model.list("columns")) {
            if (item instanceof YamlMap column && includes(choice, column.text("name", ""))) {
                columns.add(column);
            }
        }
        columns.addAll(own);
        return columns;
    }

    private static boolean includes(@Nullable YamlMap choice, String column) {
        if (choice == null) {
            return true;
        }
        Object include = choice.get("include");
        boolean all = include == null || "*".equals(include) || "all".equals(include);
        return (all || choice.list("include").contains(column))
                && !choice.list("exclude").contains(column);
    }
}
