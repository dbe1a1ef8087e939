package dev.landfall.template;

import dev.landfall.jinja.JinjaException;
import dev.landfall.jinja.Limits;
import dev.landfall.jinja.Location;
import dev.landfall.jinja.Python;
import dev.landfall.jinja.Template;
import dev.landfall.project.Problems;
import dev.landfall.project.YamlMap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the tests that stand beside models, sources and columns in property files, in each of the forms dbt takes. */
final class GenericTests {
    private static final Pattern NAME = Pattern.compile("(?:([a-zA-Z_]\\w*)\\.)?([a-zA-Z_]\\w*)");
    private static final Pattern CALL = Pattern.compile("(?s)^\\s*(env_var|ref|var|source|doc)\\s*\\(.+\\)\\s*$");
    private static final Set<String> CONFIG = Set.of(
            "severity",
            "tags",
            "enabled",
            "where",
            "limit",
            "warn_if",
            "error_if",
            "fail_calc",
            "store_failures",
            "store_failures_as",
            "sql_header",
            "meta",
            "database",
            "schema",
            "alias");

    /**
     * A test as written.
     *
     * @param name its full name, which its unique id bears
     * @param shortName what its file is called: at most 63 characters
     * @param test the test macro's name without {@code test_}
     * @param namespace the package it was asked of, or null
     * @param arguments of the test macro: model, column_name and further ones, not yet rendered
     */
    record Written(
            SourceFile file,
            Location place,
            String name,
            String shortName,
            String test,
            @Nullable String namespace,
            Map<String, @Nullable Object> arguments,
            Map<String, @Nullable Object> config,
            String description,
            @Nullable String column,
            String fileKey) {

        String macro() {
            return "test_" + test;
        }

        /** dbt's hash over name and arguments, which tells tests of one name apart. */
        String hash() {
            Map<String, @Nullable Object> metadata = new LinkedHashMap<>();
            metadata.put("namespace", namespace);
            metadata.put("name", test);
            metadata.put("kwargs", arguments);
            String digest = Names.hex("MD5", name + Python.repr(hashable(metadata)));
            return digest.substring(digest.length() - 10);
        }

        private static Object hashable(@Nullable Object value) {
            if (value instanceof Map<?, ?> map) {
                Map<String, Object> sorted = new TreeMap<>();
                map.forEach((key, item) -> sorted.put(String.valueOf(key), hashable(item)));
                return sorted;
            }
            if (value instanceof List<?> list) {
                return list.stream().map(Written::hashable).toList();
            }
            return Python.str(value);
        }
    }

    private final YamlRenderer renderer;
    private final Problems problems;

    GenericTests(YamlRenderer renderer, Problems problems) {
        this.renderer = renderer;
        this.problems = problems;
    }

    /**
     * The tests of an entry and of its columns.
     *
     * @param target how a template names what is tested: {@code ref('orders')}
     * @param prefix what names begin with: {@code source_} or nothing
     * @param targetName {@code orders}, or {@code shop_orders} for a source's table
     * @param fileKey where the entry stands: {@code models.orders}
     * @param tags what each of the tests bears beside its own: a source's
     */
    List<Written> read(
            SourceFile file,
            YamlMap entry,
            String target,
            String prefix,
            String targetName,
            String fileKey,
            List<String> tags) {
        List<Written> tests = new ArrayList<>();
        read(tests, file, entry, null, target, prefix, targetName, fileKey, tags);
        for (Object item : entry.list("columns")) {
            if (item instanceof YamlMap column && column.text("name") != null) {
                read(tests, file, column, column, target, prefix, targetName, fileKey, tags);
            }
        }
        return tests;
    }

    private void read(
            List<Written> tests,
            SourceFile file,
            YamlMap home,
            @Nullable YamlMap column,
            String target,
            String prefix,
            String targetName,
            String fileKey,
            List<String> tags) {
        if (home.containsKey("tests") && home.containsKey("data_tests")) {
            problems.error(home.at("tests"), "'tests' and 'data_tests' stand side by side; keep 'data_tests'");
        }
        for (String key : List.of("data_tests", "tests")) {
            Object list = home.get(key);
            if (list != null && !(list instanceof List)) {
                problems.error(home.at(key), "'" + key + "' must be a list");
            }
            List<?> items = home.list(key);
            for (int i = 0; i < items.size(); i++) {
                Written test = one(file, home, key, i, items.get(i), column, target, prefix, targetName, fileKey, tags);
                if (test != null) {
                    tests.add(test);
                }
            }
        }
    }

    private @Nullable Written one(
            SourceFile file,
            YamlMap home,
            String key,
            int index,
            @Nullable Object item,
            @Nullable YamlMap column,
            String target,
            String prefix,
            String targetName,
            String fileKey,
            List<String> tags) {
        Location place = item instanceof YamlMap map ? map.place() : home.itemAt(key, index);
        String name;
        Map<String, @Nullable Object> arguments;
        if (item instanceof String text) {
            name = text;
            arguments = new LinkedHashMap<>();
        } else if (item instanceof YamlMap map && map.containsKey("test_name")) {
            arguments = new LinkedHashMap<>(map);
            name = Python.str(arguments.remove("test_name"));
        } else if (item instanceof YamlMap map && map.size() == 1) {
            name = map.keySet().iterator().next();
            Object value = map.get(name);
            if (value != null && !(value instanceof YamlMap)) {
                problems.error(
                        map.at(name),
                        "the arguments of test '" + name + "' must be a mapping, but are " + Python.repr(value));
                return null;
            }
            arguments = value == null ? new LinkedHashMap<>() : new LinkedHashMap<>((YamlMap) value);
        } else {
            problems.error(
                    place,
                    "a test is a name, or a name with arguments indented below it, but this is " + Python.repr(item));
            return null;
        }
        Matcher matcher = NAME.matcher(name);
        if (!matcher.matches()) {
            problems.error(place, "'" + name + "' is no name of a test");
            return null;
        }
        if (arguments.containsKey("model")) {
            problems.error(place, "test '" + name + "' has an argument 'model', which is the engine's own");
            return null;
        }
        return written(file, place, matcher, arguments, column, target, prefix, targetName, fileKey, tags);
    }

    private Written written(
            SourceFile file,
            Location place,
            Matcher name,
            Map<String, @Nullable Object> arguments,
            @Nullable YamlMap column,
            String target,
            String prefix,
            String targetName,
            String fileKey,
            List<String> tags) {
        String columnName = column == null ? null : column.text("name");
        if (column != null) {
            arguments.put(
                    "column_name",
                    Boolean.TRUE.equals(column.get("quote"))
                            ? dev.landfall.project.Relation.quote(String.valueOf(columnName))
                            : columnName);
        }
        if (arguments.remove("arguments") instanceof Map<?, ?> further) {
            further.forEach((key, value) -> arguments.put(String.valueOf(key), value));
        }
        arguments.put("model", "{{ get_where_subquery(" + target + ") }}");
        Map<String, @Nullable Object> config = config(place, arguments);
        List<Object> allTags = new ArrayList<>(ConfigMerge.list(config.get("tags")));
        allTags.addAll(tags);
        if (column != null) {
            allTags.addAll(ConfigMerge.list(column.get("tags")));
        }
        if (!allTags.isEmpty()) {
            config.put("tags", allTags);
        }
        Object description = arguments.remove("description");
        Object ownName = arguments.remove("name");
        String namespace = name.group(1);
        String test = name.group(2);
        String full;
        String shortName;
        if (ownName != null) {
            full = Python.str(ownName);
            shortName = full;
        } else {
            String start = prefix + (namespace == null ? "" : namespace + "_") + test + "_" + targetName;
            full = start + "_" + flat(arguments);
            shortName = full.length() >= 64
                    ? start.substring(0, Math.min(30, start.length())) + "_" + Names.hex("MD5", full)
                    : full;
            if (!shortName.equals(full)) {
                config.putIfAbsent("alias", shortName);
            }
        }
        return new Written(
                file,
                place,
                full,
                shortName,
                test,
                namespace,
                Collections.unmodifiableMap(arguments),
                config,
                description == null ? "" : Python.str(description),
                columnName,
                fileKey);
    }

    private Map<String, @Nullable Object> config(Location place, Map<String, @Nullable Object> arguments) {
        Map<String, @Nullable Object> config = new LinkedHashMap<>();
        Object nested = arguments.remove("config");
        for (String key : CONFIG) {
            if (arguments.containsKey(key)) {
                put(config, key, arguments.remove(key), place);
            }
        }
        if (nested instanceof Map<?, ?> map) {
            map.forEach((key, value) -> put(config, String.valueOf(key), value, place));
        } else if (nested != null) {
            problems.error(place, "'config' of a test must be a mapping");
        }
        return config;
    }

    private void put(Map<String, @Nullable Object> config, String key, @Nullable Object value, Location place) {
        Object rendered = value instanceof String text ? renderer.text(text, place) : value;
        if (rendered != null) {
            config.put(key, rendered);
        }
    }

    private static String flat(Map<String, @Nullable Object> arguments) {
        List<String> flat = new ArrayList<>();
        new TreeMap<>(arguments).forEach((name, value) -> {
            if (!name.equals("model")) {
                Iterable<?> parts = value instanceof Map<?, ?> map
                        ? map.values()
                        : value instanceof List<?> list ? list : Collections.singletonList(value);
                parts.forEach(part -> flat.add(Python.str(part).replaceAll("[^0-9a-zA-Z_]+", "_")));
            }
        });
        return String.join("__", flat);
    }

    /** The arguments as the macro gets them: texts rendered to values in the test's own context. */
    static Map<String, @Nullable Object> rendered(
            Map<String, @Nullable Object> arguments, Rendering rendering, Location place) {
        Map<String, @Nullable Object> rendered = new LinkedHashMap<>();
        arguments.forEach((name, value) ->
                rendered.put(name, name.equals("column_name") ? value : rendered(value, rendering, place)));
        return rendered;
    }

    private static @Nullable Object rendered(@Nullable Object value, Rendering rendering, Location place) {
        if (value instanceof Map<?, ?> map) {
            Map<Object, @Nullable Object> copy = new LinkedHashMap<>();
            map.forEach((key, item) -> copy.put(key, rendered(item, rendering, place)));
            return copy;
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> copy = new ArrayList<>();
            list.forEach(item -> copy.add(rendered(item, rendering, place)));
            return copy;
        }
        if (!(value instanceof String text)) {
            return value;
        }
        String template = CALL.matcher(text).matches() ? "{{ " + text + " }}" : text;
        if (!Library.isTemplate(template)) {
            return text;
        }
        try {
            return Template.parse(place, template, Limits.DEFAULT)
                    .renderNative(rendering.scope().child());
        } catch (JinjaException e) {
            throw e.location() == null ? new JinjaException(e.problem() + ", in '" + text + "'", e) : e;
        }
    }
}
