package dev.landfall.template;

import dev.landfall.jinja.Callable;
import dev.landfall.jinja.JinjaException;
import dev.landfall.jinja.Location;
import dev.landfall.jinja.Python;
import dev.landfall.project.ColumnDoc;
import dev.landfall.project.Problems;
import dev.landfall.project.YamlMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Descriptions of nodes and columns, with {@code {{ doc('name') }}} filled in from docs blocks. */
final class Descriptions {
    private static final Pattern BLOCK =
            Pattern.compile("\\{%-?\\s*docs\\s+(\\w+)\\s*-?%\\}(.*?)\\{%-?\\s*enddocs\\s*-?%\\}", Pattern.DOTALL);

    private static final Set<String> CONSTRAINTS =
            Set.of("check", "custom", "foreign_key", "not_null", "primary_key", "unique");

    private final String root;
    private final Map<String, @Nullable Object> names;
    private final Problems problems;
    private final Map<String, String> blocks = new LinkedHashMap<>();

    /** @param names what YAML files see: var, env_var, target, … */
    Descriptions(String root, Map<String, @Nullable Object> names, Problems problems) {
        this.root = root;
        this.names = names;
        this.problems = problems;
    }

    /** The docs blocks of a Markdown file. */
    void addBlocks(SourceFile file, String text) {
        Matcher matcher = BLOCK.matcher(text);
        while (matcher.find()) {
            String old = blocks.put(
                    file.owner().name() + "." + matcher.group(1),
                    matcher.group(2).strip());
            if (old != null) {
                int line = 1
                        + (int) text.substring(0, matcher.start())
                                .chars()
                                .filter(c -> c == '\n')
                                .count();
                int column = matcher.start() - text.lastIndexOf('\n', matcher.start());
                problems.error(
                        new Location(file.shown(), line, column),
                        "docs block '" + matcher.group(1) + "' exists already");
            }
        }
    }

    Map<String, String> blocks() {
        return blocks;
    }

    String of(YamlMap map, String packageName) {
        String text = map.text("description", "");
        if (!Library.isTemplate(text)) {
            return text;
        }
        Map<String, @Nullable Object> more = new LinkedHashMap<>(names);
        more.put("doc", (Callable) arguments -> {
            boolean two = arguments.positional().size() == 2;
            String name = Python.str(arguments.positional().get(two ? 1 : 0));
            return doc(two ? Python.str(arguments.positional().get(0)) : null, name, packageName);
        });
        Object rendered = new YamlRenderer(more, problems).text(text, map.valueAt("description"));
        return rendered == null ? "" : Python.str(rendered);
    }

    private String doc(@Nullable String wanted, String name, String packageName) {
        for (String each : wanted == null ? List.of(packageName, root) : List.of(wanted)) {
            String found = blocks.get(each + "." + name);
            if (found != null) {
                return found;
            }
        }
        TreeSet<String> known = new TreeSet<>();
        blocks.keySet().forEach(key -> known.add(key.substring(key.indexOf('.') + 1)));
        throw new JinjaException("unknown docs block '" + name + "'" + Problems.nearest(name, known));
    }

    private List<YamlMap> constraints(YamlMap home) {
        List<YamlMap> constraints = home.maps("constraints", problems);
        for (YamlMap constraint : constraints) {
            String type = constraint.text("type", "");
            if (!CONSTRAINTS.contains(type)) {
                problems.error(
                        constraint.valueAt("type"),
                        "unknown constraint '" + type + "'" + Problems.nearest(type, CONSTRAINTS));
            }
        }
        return constraints;
    }

    /** The described columns of an entry, by name. */
    Map<String, ColumnDoc> columns(YamlMap entry, String packageName) {
        constraints(entry);
        Map<String, ColumnDoc> columns = new LinkedHashMap<>();
        for (YamlMap column : entry.maps("columns", problems)) {
            String name = column.text("name");
            if (name == null) {
                if (!column.containsKey("include")) {
                    problems.error(column.place(), "an item of 'columns' has no 'name'");
                }
                continue;
            }
            Map<String, @Nullable Object> meta = new LinkedHashMap<>(column.map("meta"));
            meta.putAll(column.map("config").map("meta"));
            List<String> tags = new ArrayList<>();
            ConfigMerge.list(column.get("tags")).forEach(tag -> tags.add(Python.str(tag)));
            ConfigMerge.list(column.map("config").get("tags")).forEach(tag -> tags.add(Python.str(tag)));
            List<Map<String, @Nullable Object>> constraints = new ArrayList<>();
            constraints(column).forEach(each -> constraints.add(new LinkedHashMap<>(each)));
            columns.put(
                    name,
                    new ColumnDoc(
                            name,
                            of(column, packageName),
                            column.text("data_type"),
                            meta,
                            List.copyOf(tags),
                            constraints,
                            Boolean.TRUE.equals(column.get("quote"))));
        }
        return columns;
    }
}
