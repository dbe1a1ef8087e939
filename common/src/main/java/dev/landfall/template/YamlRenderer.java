package dev.landfall.template;

import dev.landfall.jinja.Callable;
import dev.landfall.jinja.JinjaException;
import dev.landfall.jinja.Limits;
import dev.landfall.jinja.Location;
import dev.landfall.jinja.Scope;
import dev.landfall.jinja.Template;
import dev.landfall.project.Invocation;
import dev.landfall.project.Problems;
import dev.landfall.project.YamlList;
import dev.landfall.project.YamlMap;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** Renders the strings of a YAML file that hold Jinja, to values where a string is one single expression. */
final class YamlRenderer {
    private final Map<String, @Nullable Object> names;
    private final Problems problems;

    /** @param names beside jinja's own: var, env_var, target, … */
    YamlRenderer(Map<String, @Nullable Object> names, Problems problems) {
        this.names = names;
        this.problems = problems;
    }

    /** What dbt gives to YAML files. */
    static Map<String, @Nullable Object> names(
            Map<String, String> environment,
            Map<String, @Nullable Object> vars,
            @Nullable Map<String, @Nullable Object> target,
            boolean secrets) {
        Map<String, @Nullable Object> names = new LinkedHashMap<>();
        names.put("env_var", (Callable) arguments -> Environment.read(environment, arguments, secrets));
        names.put("var", (Callable) arguments -> {
            String name = arguments.text(0, "var_name");
            if (vars.containsKey(name)) {
                return vars.get(name);
            }
            if (arguments.has(1, "default")) {
                return arguments.get(1, "default");
            }
            throw new JinjaException(
                    "Required var '" + name + "' not found in config" + Problems.nearest(name, vars.keySet()));
        });
        names.put("dbt_version", Invocation.DBT_VERSION);
        names.put("modules", Modules.ALL);
        if (target != null) {
            names.put("target", target);
            names.put("env", target);
        }
        return names;
    }

    /** @param keep which values stay as written, by path and key: {@code models/+pre-hook} */
    YamlMap render(YamlMap map, BiPredicate<List<String>, Object> keep) {
        return map(map, new ArrayList<>(), keep);
    }

    YamlMap render(YamlMap map) {
        return render(map, (path, value) -> false);
    }

    private YamlMap map(YamlMap map, List<String> path, BiPredicate<List<String>, Object> keep) {
        return map.transform((key, value) -> {
            path.add(key);
            Object rendered =
                    value == null || keep.test(path, value) ? value : value(value, map.valueAt(key), path, keep);
            path.remove(path.size() - 1);
            return rendered;
        });
    }

    private @Nullable Object value(
            Object value, Location place, List<String> path, BiPredicate<List<String>, Object> keep) {
        if (value instanceof YamlMap map) {
            return map(map, path, keep);
        }
        if (value instanceof YamlList list) {
            return list.transform((item, at) -> item == null ? null : value(item, at, path, keep));
        }
        if (value instanceof LocalDate date) {
            return date.toString();
        }
        return value instanceof String text ? text(text, place) : value;
    }

    /** One string; the string itself when it cannot be rendered, and then that is told. */
    @Nullable
    Object text(String text, Location place) {
        if (!Library.isTemplate(text)) {
            return text;
        }
        try {
            return Template.parse(place, text, Limits.DEFAULT).renderNative(Scope.root(names, Limits.DEFAULT));
        } catch (JinjaException e) {
            Location at = e.location() == null ? place : e.location();
            int below = at.line() - place.line();
            if (below > 0) {
                // The lines of a text are indented as its first is.
                at = new Location(at.file(), at.line(), at.column() + place.column() - 1);
            }
            String line = text.lines().skip(below).findFirst().orElse(text);
            problems.error(at, e.problem() + ", in '" + line.strip() + "'");
            return text;
        }
    }
}
