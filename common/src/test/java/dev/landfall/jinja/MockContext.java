package dev.landfall.jinja;

import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** The small imitation of dbt that the golden cases were recorded with: a model {@code me} of a Postgres project. */
final class MockContext {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final List<Object> configs = new ArrayList<>();
    private final List<Object> logs = new ArrayList<>();
    private final Map<Object, Object> results = new LinkedHashMap<>();
    private final Map<String, Map<String, Object>> macrosByPackage = new LinkedHashMap<>();
    private final Map<String, @Nullable Object> names = new LinkedHashMap<>();
    private final Scope scope = Scope.root(names, Limits.DEFAULT);

    MockContext() {
        dbtFunctions();
        dbtObjects();
        values();
        names.put("context", new Names(names));
    }

    List<Object> configs() {
        return configs;
    }

    List<Object> logs() {
        return logs;
    }

    Scope scope() {
        return scope;
    }

    /** Adds the macros of a file: {@code pkg/NAME/x.sql} belongs to the package NAME, any other to the project. */
    void addMacros(String path, String source) {
        String[] parts = path.split("/", -1);
        String packageName = parts[0].equals("pkg") ? parts[1] : "root";
        Map<String, Object> macros = macrosByPackage.computeIfAbsent(packageName, name -> new LinkedHashMap<>());
        for (Macro macro : Template.parse(path, source).macros()) {
            macros.put(macro.name(), macro.bind(scope));
        }
        if (!packageName.equals("root")) {
            names.put(packageName, new Names(macros, "__main__.PkgNS"));
        }
        // dbt's own macros first, so that the project's come over them
        names.putAll(macrosByPackage.getOrDefault("dbt", Map.of()));
        names.putAll(macrosByPackage.getOrDefault("root", Map.of()));
    }

    private void dbtFunctions() {
        define("config", new Config(configs));
        define(
                "ref",
                arguments -> new MockRelation(
                        "db",
                        "sch",
                        Python.str(arguments
                                .positional()
                                .get(arguments.positional().size() - 1))));
        define("source", arguments -> new MockRelation("db", arguments.text(0, "source"), arguments.text(1, "table")));
        define("var", new Var());
        define("env_var", arguments -> arguments.get(1, "default"));
        define("return", arguments -> {
            throw new ReturnSignal(arguments.get(0, "value"));
        });
        define(
                "run_query",
                arguments -> new MockTable(List.of("id", "name"), List.of(row(1L, "x"), row(2L, "y"), row(3L, null))));
        define("store_result", arguments -> {
            MockTable table = (MockTable) arguments.get(9, "agate_table");
            List<Object> data = new ArrayList<>();
            if (table != null) {
                table.rows().forEach(row -> data.add(row.values()));
            }
            results.put(
                    arguments.require(0, "name"),
                    names("response", arguments.get(8, "response"), "table", table, "data", data));
            return "";
        });
        define("load_result", arguments -> results.get(arguments.require(0, "name")));
        define("log", arguments -> {
            logs.add(list(arguments.text(0, "msg"), arguments.get(1, "info", false)));
            return "";
        });
        define("print", arguments -> "");
        define("is_incremental", arguments -> true);
        define("tojson", arguments -> Python.json(arguments.get(0, "value"), false));
        define("fromjson", arguments -> JSON.readValue(arguments.text(0, "text"), Object.class));
        define("set", arguments -> set(arguments.require(0, "values")));
        define("zip", arguments -> zip(arguments.require(0, "left"), arguments.require(1, "right")));
    }

    private void dbtObjects() {
        names.put("adapter", new Adapter());
        names.put("this", new MockRelation("db", "sch", "me"));
        names.put(
                "target",
                names(
                        "name",
                        "dev",
                        "schema",
                        "sch",
                        "type",
                        "postgres",
                        "database",
                        "db",
                        "profile_name",
                        "p",
                        "threads",
                        4L));
        names.put("execute", true);
        names.put(
                "exceptions",
                names(
                        "raise_compiler_error",
                        function(arguments -> {
                            throw new JinjaException(arguments.text(0, "msg"));
                        }),
                        "warn",
                        function(arguments -> "")));
        names.put("modules", names("datetime", datetime(), "re", regularExpressions()));
        names.put("api", names("Column", columnTypes(), "Relation", names("create", function(MockContext::relation))));
        names.put("builtins", map("ref", names.get("ref"), "source", names.get("source")));
        names.put(
                "model",
                map(
                        "name", "me",
                        "config", map("materialized", "table"),
                        "columns", map("a", map("name", "a", "data_type", "int")),
                        "unique_id", "model.root.me",
                        "tags", list("t1")));
        names.put("graph", map("nodes", map()));
        names.put("flags", names("FULL_REFRESH", false, "WHICH", "run"));
    }

    private void values() {
        names.put("invocation_id", "iid");
        names.put("dbt_version", "1.9.0");
        names.put("project_name", "root");
        names.put("sql", "select 1");
        names.put("pre_hooks", list());
        names.put("post_hooks", list());
        names.put("lst", list("a", "b", "c"));
        names.put("nums", list(3L, 1L, 2L));
        names.put("d", map("a", 1L, "b", 2L));
        names.put(
                "people",
                list(
                        map("name", "Al", "age", 3L, "on", true),
                        map("name", "Bo", "age", 1L, "on", false),
                        map("name", "Cy", "age", 2L, "on", true)));
        names.put("s", "Hello World");
        names.put("n", 5L);
        names.put("f", 2.5);
        names.put("t", true);
        names.put("fa", false);
        names.put("no", null);
        names.put("date", LocalDate.of(2024, 1, 31));
        names.put("dt", LocalDateTime.of(2024, 1, 31, 12, 30, 5));
    }

    private void define(String name, Callable function) {
        names.put(name, function);
    }

    private static Callable function(Callable function) {
        return function;
    }

    private static MockRelation relation(Arguments arguments) {
        return new MockRelation((String) arguments.get(0, "database"), (String) arguments.get(1, "schema"), (String)
                arguments.get(2, "identifier"));
    }

    private static HostObject columnTypes() {
        return names(
                "string_type", function(arguments -> "character varying(" + arguments.get(0, "size") + ")"),
                "numeric_type",
                        function(arguments -> arguments.get(1, "precision") == null
                                ? arguments.get(0, "type")
                                : arguments.text(0, "type") + "(" + arguments.text(1, "precision") + ","
                                        + arguments.text(2, "scale") + ")"),
                "translate_type",
                        function(arguments -> arguments.text(0, "type").toUpperCase(java.util.Locale.ROOT)));
    }

    private static HostObject datetime() {
        return names(
                "datetime",
                        function(arguments -> LocalDateTime.of(
                                integer(arguments, 0),
                                integer(arguments, 1),
                                integer(arguments, 2),
                                integer(arguments, 3),
                                integer(arguments, 4),
                                integer(arguments, 5))),
                "date",
                        function(arguments ->
                                LocalDate.of(integer(arguments, 0), integer(arguments, 1), integer(arguments, 2))),
                "timedelta", function(arguments -> Duration.ofDays(arguments.integer(0, "days", 0))));
    }

    private static int integer(Arguments arguments, int index) {
        return arguments.integer(index, "", 0);
    }

    private static HostObject regularExpressions() {
        return names(
                "sub",
                        function(arguments -> arguments
                                .text(2, "string")
                                .replaceAll(arguments.text(0, "pattern"), arguments.text(1, "repl"))),
                "match",
                        function(arguments -> {
                            Matcher matcher = Pattern.compile(arguments.text(0, "pattern"))
                                    .matcher(arguments.text(1, "string"));
                            return matcher.lookingAt()
                                    ? names("group", function(group -> matcher.group(integer(group, 0))))
                                    : null;
                        }));
    }

    private static Set<Object> set(@Nullable Object values) {
        Set<Object> set = new LinkedHashSet<>();
        Python.elements(values).forEach(set::add);
        return set;
    }

    private static List<Object> zip(@Nullable Object left, @Nullable Object right) {
        List<Object> pairs = new ArrayList<>();
        java.util.Iterator<?> others = Python.elements(right).iterator();
        for (Object element : Python.elements(left)) {
            if (others.hasNext()) {
                pairs.add(PyTuple.of(element, others.next()));
            }
        }
        return pairs;
    }

    private static List<Object> row(@Nullable Object... cells) {
        return Arrays.asList(cells);
    }

    private static List<Object> list(@Nullable Object... values) {
        return new ArrayList<>(Arrays.asList(values));
    }

    private static Map<Object, Object> map(@Nullable Object... keysAndValues) {
        Map<Object, Object> map = new LinkedHashMap<>();
        for (int index = 0; index < keysAndValues.length; index += 2) {
            map.put(keysAndValues[index], keysAndValues[index + 1]);
        }
        return map;
    }

    private static HostObject names(@Nullable Object... keysAndValues) {
        Map<String, Object> names = new LinkedHashMap<>();
        map(keysAndValues).forEach((key, value) -> names.put(Python.str(key), value));
        return new Names(names);
    }

    /** An object with attributes. */
    private static class Names implements HostObject {
        private final Map<String, ?> attributes;
        private final String typeName;

        Names(Map<String, ?> attributes) {
            this(attributes, "Names");
        }

        Names(Map<String, ?> attributes, String typeName) {
            this.attributes = attributes;
            this.typeName = typeName;
        }

        @Override
        public @Nullable Object attribute(String name) {
            return attributes.containsKey(name) ? attributes.get(name) : Undefined.of(name);
        }

        @Override
        public @Nullable Object item(@Nullable Object key) {
            return attribute(Python.str(key));
        }

        @Override
        public String typeName() {
            return typeName;
        }
    }

    /** {@code config(…)} and {@code config.get(…)}. */
    private record Config(List<Object> configs) implements HostObject, Callable {
        private static final Map<Object, Object> VALUES =
                map("materialized", "incremental", "unique_key", list("a", "b"), "meta", map("k", 1L));

        @Override
        public Object call(Arguments arguments) {
            configs.add(
                    arguments.positional().isEmpty()
                            ? arguments.keyword()
                            : list(arguments.positional(), arguments.keyword()));
            return "";
        }

        @Override
        public Object attribute(String name) {
            return switch (name) {
                case "get" ->
                    function(arguments ->
                            VALUES.getOrDefault(arguments.require(0, "name"), arguments.get(1, "default")));
                case "require" -> function(arguments -> "incremental");
                default -> Undefined.of(name);
            };
        }
    }

    /** {@code var(…)} and {@code var.has_var(…)}. */
    private static final class Var implements HostObject, Callable {
        private static final Map<Object, Object> VALUES =
                map("v1", "one", "lst", list(1L, 2L), "flag", false, "nul", null, "d", map("a", 1L));

        @Override
        public @Nullable Object call(Arguments arguments) {
            Object name = arguments.require(0, "name");
            if (VALUES.containsKey(name)) {
                return VALUES.get(name);
            }
            if (arguments.get(1, "default") != null) {
                return arguments.get(1, "default");
            }
            throw new JinjaException("Required var '" + name + "' not found in config");
        }

        @Override
        public Object attribute(String name) {
            return name.equals("has_var")
                    ? function(arguments -> VALUES.containsKey(arguments.require(0, "name")))
                    : Undefined.of(name);
        }
    }

    /** Whatever it is asked for that the cases do not need gives none. */
    private final class Adapter implements HostObject {
        @Override
        public Object attribute(String name) {
            return switch (name) {
                case "dispatch" -> function(MockContext.this::dispatch);
                case "quote" -> function(arguments -> '"' + arguments.text(0, "identifier") + '"');
                case "get_columns_in_relation" ->
                    function(arguments -> list(column("id", "integer"), column("name", "text")));
                case "get_relation" ->
                    function(
                            arguments -> "missing".equals(arguments.get(2, "identifier")) ? null : relation(arguments));
                case "execute" ->
                    function(arguments -> PyTuple.of("OK", new MockTable(List.of("n"), List.of(row(5L)))));
                case "type" -> function(arguments -> "postgres");
                default -> function(arguments -> null);
            };
        }
    }

    private static HostObject column(String name, String type) {
        return names("name", name, "column", name, "quoted", '"' + name + '"', "data_type", type, "dtype", type);
    }

    private Object dispatch(Arguments arguments) {
        String name = arguments.text(0, "macro_name");
        List<String> packages = new ArrayList<>(List.of("root"));
        if (arguments.has(1, "macro_namespace")) {
            packages.add(arguments.text(1, "macro_namespace"));
        }
        packages.add("dbt");
        for (String prefix : List.of("postgres__", "default__")) {
            for (String packageName : packages) {
                Object macro =
                        macrosByPackage.getOrDefault(packageName, Map.of()).get(prefix + name);
                if (macro != null) {
                    return macro;
                }
            }
        }
        throw new JinjaException("In dispatch: No macro named '" + name + "' found");
    }
}
