package dev.landfall.template;

import dev.landfall.jinja.Arguments;
import dev.landfall.jinja.Callable;
import dev.landfall.jinja.HostObject;
import dev.landfall.jinja.JinjaException;
import dev.landfall.jinja.PyTuple;
import dev.landfall.jinja.Python;
import dev.landfall.jinja.ReturnSignal;
import dev.landfall.jinja.Undefined;
import dev.landfall.project.Dependencies.Ref;
import dev.landfall.project.Dependencies.SourceRef;
import dev.landfall.project.Hook;
import dev.landfall.project.Invocation;
import dev.landfall.project.ModelConfig;
import dev.landfall.project.Problems;
import dev.landfall.project.Relation;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.ZoneOffset;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The global names of a template, made when they are asked for: the names a request brings, then macros, packages, and
 * dbt's own context.
 */
final class Names extends AbstractMap<String, @Nullable Object> {
    private static final Logger LOG = LoggerFactory.getLogger("dev.landfall.template");
    private static final Object MISSING = new Object();

    /** Functions of ours that dbt has as macros, and lists among those that a node depends on. */
    static final Set<String> MACROS_IN_DBT = Set.of(
            "run_query",
            "statement",
            "noop_statement",
            "is_incremental",
            "should_full_refresh",
            "should_store_failures",
            "load_relation",
            "load_cached_relation",
            "get_where_subquery",
            "before_begin",
            "after_commit",
            "in_transaction",
            "set_sql_header");

    private static final Set<String> FUNCTIONS =
            Set.of("config", "env_var", "log", "print", "ref", "return", "source", "var");

    private final Rendering rendering;
    private final Set<String> missingMacros = new HashSet<>();
    private final Map<String, @Nullable Object> found = new HashMap<>();
    private final Map<String, @Nullable Object> results = new HashMap<>();

    Names(Rendering rendering) {
        this.rendering = rendering;
    }

    @Override
    public @Nullable Object get(@Nullable Object key) {
        Object value = look(String.valueOf(key));
        return value == MISSING ? null : value;
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return look(String.valueOf(key)) != MISSING;
    }

    /** What was asked for until now. */
    @Override
    public Set<Entry<String, @Nullable Object>> entrySet() {
        Map<String, @Nullable Object> known = new LinkedHashMap<>(found);
        known.values().removeIf(value -> value == MISSING);
        return known.entrySet();
    }

    private @Nullable Object look(String name) {
        if (found.containsKey(name)) {
            return found.get(name);
        }
        Object value = make(name);
        found.put(name, value);
        return value;
    }

    /** What is wrong with the name of a macro that was called and is none; null when it is no such name. */
    @Nullable
    String unknown(Undefined callee) {
        if (missingMacros.contains(callee.problem())) {
            return callee.problem();
        }
        String name = callee.name();
        if (!callee.problem().equals(Undefined.of(name).problem()) || found.get(name) != MISSING) {
            return null;
        }
        Library library = rendering.library();
        Set<String> known = new TreeSet<>(MACROS_IN_DBT);
        known.addAll(FUNCTIONS);
        known.addAll(library.settings.packages());
        for (String each : List.of(rendering.subject().packageName(), library.name, Macros.INTERNAL)) {
            known.addAll(library.macros.names(each));
        }
        return "unknown macro or package '" + name + "'"
                + Problems.near(name, known)
                        .map(near -> ": did you mean '" + near + "'?")
                        .orElse("");
    }

    private @Nullable Object make(String name) {
        if (rendering.executes() && rendering.request().context().containsKey(name)) {
            return rendering.request().context().get(name);
        }
        Callable macro = rendering.macro(name);
        if (macro != null) {
            return macro;
        }
        if (rendering.library().settings.packages().contains(name) || name.equals(Macros.INTERNAL)) {
            return new PackageNames(name);
        }
        Object function = function(name);
        if (function instanceof Callable callable && MACROS_IN_DBT.contains(name)) {
            return rendering.recorded("macro." + Macros.INTERNAL + "." + name, callable);
        }
        return function == null ? value(name) : function;
    }

    /** Functions, among them those that dbt has as macros of its own; null when there is none of the name. */
    @Nullable
    Object function(String name) {
        return switch (name) {
            case "config" -> new ConfigValue(rendering.subject(), rendering.draft());
            case "ref" -> (Callable) this::ref;
            case "source" -> (Callable) this::source;
            case "var" -> new Var();
            case "env_var" -> (Callable) this::envVar;
            case "return" ->
                (Callable) arguments -> {
                    throw new ReturnSignal(arguments.get(0, "data"));
                };
            case "log" -> (Callable) this::log;
            case "print" -> (Callable) this::print;
            case "run_query" -> (Callable) this::runQuery;
            case "statement" -> (Callable) this::statement;
            case "noop_statement" -> (Callable) this::noopStatement;
            case "store_result" -> (Callable) this::storeResult;
            case "store_raw_result" ->
                (Callable) arguments ->
                        store(arguments.text(0, "name"), AdapterValue.Response.OK, arguments.get(4, "agate_table"));
            case "load_result" -> (Callable) this::loadResult;
            case "is_incremental" -> (Callable) arguments -> isIncremental();
            case "should_full_refresh" -> (Callable) arguments -> fullRefresh();
            case "should_store_failures" ->
                (Callable) arguments ->
                        rendering.subject().config().flag("store_failures").orElse(false);
            case "load_relation", "load_cached_relation" -> (Callable) this::loadRelation;
            case "get_where_subquery" -> (Callable) this::whereSubquery;
            case "render" -> (Callable) this::render;
            case "write" -> (Callable) arguments -> "";
            case "tojson" -> (Callable) this::toJson;
            case "fromjson" -> (Callable) this::fromJson;
            case "toyaml" -> (Callable) this::toYaml;
            case "fromyaml" -> (Callable) this::fromYaml;
            case "set", "set_strict" -> (Callable) this::set;
            case "zip", "zip_strict" -> (Callable) this::zip;
            case "local_md5" -> (Callable) arguments -> hex("MD5", arguments.text(0, "value"));
            case "diff_of_two_dicts" -> (Callable) this::difference;
            case "try_or_compiler_error" -> (Callable) this::tryOrCompilerError;
            case "before_begin", "after_commit" -> (Callable) arguments -> hook(arguments, false);
            case "in_transaction" -> (Callable) arguments -> hook(arguments, true);
            case "set_sql_header" -> (Callable) this::setSqlHeader;
            case "adapter_macro" ->
                (Callable) arguments -> {
                    throw new JinjaException("adapter_macro is gone from dbt; use adapter.dispatch('"
                            + arguments.text(0, "name") + "')(…)");
                };
            case "submit_python_job" ->
                (Callable) arguments -> {
                    throw new JinjaException("Python models are not supported");
                };
            case "load_agate_table" -> (Callable) arguments -> TableValue.EMPTY;
            default -> null;
        };
    }

    private @Nullable Object value(String name) {
        Library library = rendering.library();
        Subject subject = rendering.subject();
        return switch (name) {
            case "execute" -> rendering.executes();
            case "this" -> subject.self() == null ? Undefined.of("this") : subject.self();
            case "model" -> model();
            case "target", "env" -> library.targetMap();
            case "adapter" -> new AdapterValue(rendering);
            case "api" -> api();
            case "column" -> ColumnValue.TYPE;
            case "exceptions" -> new Exceptions();
            case "modules" -> Modules.ALL;
            case "flags" -> flags();
            case "graph" -> graph();
            case "builtins" -> builtins();
            case "context" -> this;
            case "database" -> library.target.database();
            case "schema" -> library.target.schema();
            case "project_name" -> library.name;
            case "dbt_version" -> Invocation.DBT_VERSION;
            case "invocation_id" -> library.settings.invocation().id();
            case "run_started_at" -> library.settings.invocation().startedAt().atOffset(ZoneOffset.UTC);
            case "thread_id" -> Thread.currentThread().getName();
            case "dbt_metadata_envs" -> metadataEnvironment();
            case "invocation_args_dict" -> flagValues();
            case "selected_resources" -> new ArrayList<>();
            case "validation" -> Map.of("any", (Callable) arguments -> (Callable) value -> null);
            case "sql", "compiled_code", "pre_hooks", "post_hooks" -> hooksOrNothing(name);
            case "sql_now" -> "now()";
            default -> MISSING;
        };
    }

    private Map<String, @Nullable Object> model() {
        Map<String, @Nullable Object> map = rendering.subject().map().get();
        Batch batch = rendering.executes() ? rendering.request().batch() : null;
        if (batch != null) {
            Map<String, @Nullable Object> times = new LinkedHashMap<>();
            times.put("id", batch.id());
            times.put("event_time_start", batch.start());
            times.put("event_time_end", batch.end());
            map.put("batch", times);
        }
        return map;
    }

    private @Nullable Object hooksOrNothing(String name) {
        ModelConfig config = rendering.subject().config();
        List<Hook> hooks =
                name.equals("pre_hooks") ? config.preHooks() : name.equals("post_hooks") ? config.postHooks() : null;
        if (hooks == null) {
            return null;
        }
        List<Object> maps = new ArrayList<>();
        hooks.forEach(hook -> {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            map.put("sql", hook.sql());
            map.put("transaction", hook.transaction());
            maps.add(map);
        });
        return maps;
    }

    // Nodes and variables

    private Object ref(Arguments arguments) {
        List<@Nullable Object> names = arguments.positional();
        if (names.isEmpty() || names.size() > 2) {
            throw new JinjaException(
                    "ref() takes a model's name, or a package's and a model's, got " + names.size() + " arguments");
        }
        for (Object part : names) {
            if (!(part instanceof String)) {
                throw new JinjaException("The name argument to ref() must be a string, got " + Python.typeName(part)
                        + (part instanceof Undefined missing ? " ('" + missing.name() + "' is not defined)" : ""));
            }
        }
        Object version =
                arguments.keyword().getOrDefault("version", arguments.keyword().get("v"));
        Ref ref = new Ref(
                Python.str(names.get(names.size() - 1)),
                names.size() == 2 ? Python.str(names.get(0)) : null,
                version instanceof Undefined ? null : version);
        return rendering.ref(ref, arguments.location());
    }

    private Object source(Arguments arguments) {
        List<@Nullable Object> names = arguments.positional();
        if (names.size() != 2 || !(names.get(0) instanceof String source) || !(names.get(1) instanceof String table)) {
            throw new JinjaException("source() takes two strings, a source's name and a table's");
        }
        return rendering.source(new SourceRef(source, table), arguments.location());
    }

    private final class Var implements HostObject, Callable {
        @Override
        public @Nullable Object call(Arguments arguments) {
            String name = arguments.text(0, "var_name");
            if (rendering.hasVar(name)) {
                return rendering.var(name);
            }
            if (arguments.has(1, "default")) {
                return arguments.get(1, "default");
            }
            Map<String, @Nullable Object> known = rendering.vars();
            if (!rendering.executes()) {
                Problems.near(name, known.keySet())
                        .ifPresent(near -> rendering.doubt(
                                arguments.location(), "unknown var '" + name + "': did you mean '" + near + "'?"));
                return null;
            }
            throw new JinjaException("Required var '" + name + "' not found in config:\nVars supplied to "
                    + rendering.subject().name() + " = " + Python.json(new LinkedHashMap<>(known), true)
                    + dev.landfall.project.Problems.nearest(name, known.keySet()));
        }

        @Override
        public @Nullable Object attribute(String name) {
            return name.equals("has_var")
                    ? (Callable) arguments -> rendering.hasVar(arguments.text(0, "var_name"))
                    : Undefined.of(name);
        }

        @Override
        public String typeName() {
            return "Var";
        }
    }

    private Object envVar(Arguments arguments) {
        return Environment.read(rendering.library().settings.environment(), arguments, false);
    }

    // Statements

    private @Nullable Object runQuery(Arguments arguments) {
        if (!rendering.executes()) {
            return Undefined.because("table", "'None' has no attribute 'table'");
        }
        return TableValue.of(rendering.database().query(arguments.text(0, "sql")));
    }

    private @Nullable Object statement(Arguments arguments) {
        if (!rendering.executes()) {
            return "";
        }
        Object name = arguments.get(0, "name");
        Object caller = arguments.keyword().get("caller");
        if (!(caller instanceof Callable body)) {
            throw new JinjaException("statement() is called with a block: {% call statement('name') %}…{% endcall %}");
        }
        String sql;
        try {
            sql = Python.str(body.call(Arguments.none()));
        } catch (ReturnSignal returned) {
            return returned.value(); // from the block to the caller of statement(), and nothing is run
        }
        TableValue table = TableValue.EMPTY;
        if (arguments.flag(2, "auto_begin", true)) {
            rendering.begin();
        }
        if (arguments.flag(1, "fetch_result", false)) {
            table = TableValue.of(rendering.database().query(sql));
        } else {
            rendering.database().execute(sql);
        }
        return name == null ? "" : store(Python.str(name), AdapterValue.Response.OK, table);
    }

    private Object noopStatement(Arguments arguments) {
        Object name = arguments.get(0, "name");
        return name == null || !rendering.executes()
                ? ""
                : store(Python.str(name), AdapterValue.Response.OK, TableValue.EMPTY);
    }

    private Object storeResult(Arguments arguments) {
        return store(arguments.text(0, "name"), arguments.get(1, "response"), arguments.get(2, "agate_table"));
    }

    private Object store(String name, @Nullable Object response, @Nullable Object table) {
        TableValue rows = table instanceof TableValue given ? given : TableValue.EMPTY;
        Map<String, @Nullable Object> result = new LinkedHashMap<>();
        result.put("response", response);
        result.put("data", rows.matrix());
        result.put("table", rows);
        results.put(name, result);
        return "";
    }

    boolean hasResult(String name) {
        return results.containsKey(name);
    }

    private @Nullable Object loadResult(Arguments arguments) {
        String name = arguments.text(0, "name");
        if (!results.containsKey(name)) {
            return null;
        }
        Object result = results.get(name);
        if (result == null) {
            throw new JinjaException(
                    "The 'statement' result named '" + name + "' has already been loaded into a variable");
        }
        if (!name.equals("main")) {
            results.put(name, null);
        }
        return result;
    }

    private boolean isIncremental() {
        return rendering.executes()
                && rendering.request().incremental()
                && rendering.subject().kind().equals("model")
                && rendering.subject().config().materialized().equals("incremental");
    }

    private boolean fullRefresh() {
        return rendering
                .subject()
                .config()
                .fullRefresh()
                .orElse(rendering.executes() && rendering.request().fullRefresh());
    }

    private @Nullable Object loadRelation(Arguments arguments) {
        RelationValue relation = RelationValue.require(arguments.require(0, "relation"), "load_relation");
        rendering.lookUp(relation.relation());
        return rendering.executes()
                ? rendering
                        .database()
                        .relationType(relation.relation())
                        .map(relation::withType)
                        .orElse(null)
                : null;
    }

    /** A test's {@code where} goes around what it checks. */
    private Object whereSubquery(Arguments arguments) {
        Object relation = arguments.require(0, "relation");
        String where = rendering.subject().config().text("where").orElse("");
        if (where.isEmpty() || !rendering.executes()) {
            return relation == null ? "" : relation;
        }
        String condition = Library.isTemplate(where)
                ? rendering
                        .library()
                        .text("where", where)
                        .render(rendering.scope().child())
                : where;
        return "(select * from " + Python.str(relation) + " where " + condition + ") dbt_subquery";
    }

    private Object render(Arguments arguments) {
        String text = arguments.text(0, "string");
        return Library.isTemplate(text)
                ? rendering
                        .library()
                        .text(rendering.subject().name(), text)
                        .render(rendering.scope().child())
                : text;
    }

    private static Object hook(Arguments arguments, boolean transaction) {
        Map<String, @Nullable Object> hook = new LinkedHashMap<>();
        hook.put("sql", arguments.text(0, "sql"));
        hook.put("transaction", transaction);
        return Python.json(hook, false);
    }

    private Object setSqlHeader(Arguments arguments) {
        Draft draft = rendering.draft();
        Object header = arguments.keyword().get("caller") instanceof Callable caller
                ? caller.call(Arguments.none())
                : arguments.get(0, "config");
        if (draft != null) {
            draft.config.put("sql_header", header);
        }
        return "";
    }

    // Output and errors

    private Object log(Arguments arguments) {
        String message = arguments.text(0, "msg");
        if (arguments.flag(1, "info", false) && rendering.executes()) {
            LOG.info("{}", message);
        } else {
            LOG.debug("{}", message);
        }
        return "";
    }

    private Object print(Arguments arguments) {
        if (rendering.executes()) {
            LOG.info("{}", arguments.text(0, "msg"));
        }
        return "";
    }

    private @Nullable Object tryOrCompilerError(Arguments arguments) {
        if (!(arguments.require(1, "func") instanceof Callable function)) {
            throw new JinjaException(arguments.text(0, "message_if_exception"));
        }
        List<@Nullable Object> rest = arguments
                .positional()
                .subList(
                        Math.min(2, arguments.positional().size()),
                        arguments.positional().size());
        try {
            return function.call(new Arguments(rest, arguments.keyword()));
        } catch (RuntimeException e) {
            throw new JinjaException(arguments.text(0, "message_if_exception"), e);
        }
    }

    private final class Exceptions implements HostObject {
        @Override
        public @Nullable Object attribute(String name) {
            return switch (name) {
                case "warn" ->
                    (Callable) arguments -> {
                        if (rendering.executes()) {
                            LOG.warn("{}: {}", rendering.subject().name(), arguments.text(0, "msg"));
                        }
                        return "";
                    };
                case "warn_once" -> (Callable) arguments -> "";
                case "raise_compiler_error",
                        "raise_database_error",
                        "raise_parsing_error",
                        "raise_dependency_error",
                        "raise_fail_fast_error",
                        "raise_invalid_property_yml_version",
                        "raise_duplicate_alias" ->
                    (Callable) arguments -> {
                        throw new JinjaException(arguments.text(0, "msg"));
                    };
                case "raise_not_implemented" ->
                    (Callable) arguments -> {
                        throw new JinjaException("ERROR: " + arguments.text(0, "msg"));
                    };
                case "missing_config" ->
                    (Callable) arguments -> {
                        throw new JinjaException("Model '" + rendering.subject().uniqueId()
                                + "' does not define a required config parameter '" + arguments.text(1, "name") + "'.");
                    };
                case "missing_materialization" ->
                    (Callable) arguments -> {
                        throw new JinjaException("No materialization '"
                                + rendering.subject().config().materialized() + "' was found");
                    };
                case "missing_relation" ->
                    (Callable) arguments -> {
                        throw new JinjaException(
                                "Relation " + Python.str(arguments.get(0, "relation")) + " not found!");
                    };
                case "relation_wrong_type" ->
                    (Callable) arguments -> {
                        throw new JinjaException("Trying to create " + Python.str(arguments.get(1, "expected_type"))
                                + " " + Python.str(arguments.get(0, "relation"))
                                + ", but it exists as another type. Drop it, or run with --full-refresh");
                    };
                case "raise_contract_error" ->
                    (Callable) arguments -> {
                        throw new JinjaException(
                                "This model has an enforced contract that failed.\nPlease ensure the name,"
                                        + " data_type, and number of columns in your contract match the columns in your model's"
                                        + " definition.");
                    };
                case "column_type_missing" ->
                    (Callable) arguments -> {
                        throw new JinjaException(
                                "Contracted models require data_type to be defined for each column. These"
                                        + " have none: " + Python.str(arguments.get(0, "column_names")));
                    };
                default -> Undefined.because(name, "exceptions has no function '" + name + "'");
            };
        }
    }

    // Values

    private Map<String, @Nullable Object> api() {
        Map<String, @Nullable Object> api = new LinkedHashMap<>();
        api.put("Relation", relationType());
        api.put("Column", new ColumnType());
        return api;
    }

    HostObject relationType() {
        return new RelationType();
    }

    private final class RelationType implements HostObject, Callable {
        @Override
        public @Nullable Object call(Arguments arguments) {
            return RelationValue.create(arguments, rendering.library().quoting);
        }

        /** What a snapshot's row is called by: its key and since when it is true. */
        private static Object scdArgs(Arguments arguments) {
            List<@Nullable Object> parts = new ArrayList<>();
            Object key = arguments.require(0, "primary_key");
            if (key instanceof List<?> names) {
                parts.addAll(names);
            } else {
                parts.add(key);
            }
            parts.add(arguments.require(1, "updated_at"));
            return parts;
        }

        @Override
        public @Nullable Object attribute(String name) {
            return switch (name) {
                case "create" -> this;
                case "create_from_source", "create_from" -> (Callable) arguments -> arguments.get(0, "source");
                case "get_default_quote_policy" ->
                    (Callable) arguments -> Map.of("database", true, "schema", true, "identifier", true);
                case "Table", "View", "CTE", "External", "MaterializedView" -> name.toLowerCase(Locale.ROOT);
                case "add_ephemeral_prefix" -> (Callable) arguments -> "__dbt__cte__" + arguments.text(0, "name");
                case "scd_args" -> (Callable) RelationType::scdArgs;
                case "is_relation" -> (Callable) arguments -> arguments.get(0, "value") instanceof RelationValue;
                default -> Undefined.because(name, "type object 'DuckDBRelation' has no attribute '" + name + "'");
            };
        }
    }

    private static final class ColumnType implements HostObject, Callable {
        @Override
        public @Nullable Object call(Arguments arguments) {
            return ColumnValue.constructor().call(arguments);
        }

        @Override
        public @Nullable Object attribute(String name) {
            return ColumnValue.TYPE.attribute(name);
        }
    }

    private Map<String, @Nullable Object> flagValues() {
        Map<String, @Nullable Object> flags = new LinkedHashMap<>();
        flags.put("FULL_REFRESH", rendering.executes() && rendering.request().fullRefresh());
        flags.put("WHICH", rendering.executes() ? rendering.request().command() : "parse");
        flags.put("EMPTY", false);
        flags.put("STORE_FAILURES", false);
        flags.put("USE_COLORS", false);
        flags.put("PARTIAL_PARSE", true);
        flags.put("DEBUG", false);
        flags.put("FAIL_FAST", false);
        flags.put("WARN_ERROR", false);
        flags.put("QUIET", false);
        flags.put("INTROSPECT", true);
        return flags;
    }

    private Object flags() {
        return flagValues();
    }

    private Map<String, @Nullable Object> graph() {
        References references = rendering.references();
        return rendering.executes() && rendering.request().context().get("graph") instanceof Map<?, ?> given
                ? copy(given)
                : references == null ? emptyGraph() : rendering.library().graph(references);
    }

    static Map<String, @Nullable Object> emptyGraph() {
        Map<String, @Nullable Object> graph = new LinkedHashMap<>();
        for (String part :
                List.of("nodes", "sources", "exposures", "metrics", "groups", "semantic_models", "saved_queries")) {
            graph.put(part, new LinkedHashMap<>());
        }
        return graph;
    }

    private static Map<String, @Nullable Object> copy(Map<?, ?> map) {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        map.forEach((key, value) -> copy.put(String.valueOf(key), value));
        return copy;
    }

    private Map<String, @Nullable Object> builtins() {
        Map<String, @Nullable Object> builtins = new LinkedHashMap<>();
        for (String name :
                List.of("ref", "source", "config", "var", "env_var", "log", "return", "run_query", "statement")) {
            builtins.put(name, function(name));
        }
        for (String name :
                List.of("this", "target", "model", "adapter", "execute", "api", "exceptions", "flags", "graph")) {
            Object value = value(name);
            builtins.put(name, value);
        }
        return builtins;
    }

    private Map<String, @Nullable Object> metadataEnvironment() {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        rendering.library().settings.environment().forEach((name, value) -> {
            if (name.startsWith("DBT_ENV_CUSTOM_ENV_")) {
                values.put(name.substring("DBT_ENV_CUSTOM_ENV_".length()), value);
            }
        });
        return values;
    }

    // Python's helpers

    private @Nullable Object toJson(Arguments arguments) {
        try {
            return Python.json(arguments.get(0, "value"), arguments.flag(2, "sort_keys", false));
        } catch (JinjaException e) {
            return arguments.get(1, "default");
        }
    }

    private @Nullable Object fromJson(Arguments arguments) {
        Object value = PythonData.fromJson(arguments.text(0, "string"));
        return value == PythonData.NOTHING ? arguments.get(1, "default") : value;
    }

    private @Nullable Object toYaml(Arguments arguments) {
        return PythonData.toYaml(arguments.get(0, "value"), arguments.flag(2, "sort_keys", false));
    }

    private @Nullable Object fromYaml(Arguments arguments) {
        Object value = PythonData.fromYaml(arguments.text(0, "value"));
        return value == PythonData.NOTHING ? arguments.get(1, "default") : value;
    }

    private @Nullable Object set(Arguments arguments) {
        Object value = arguments.get(0, "value");
        Set<@Nullable Object> set = new LinkedHashSet<>();
        if (value != null) {
            Python.elements(value).forEach(set::add);
        }
        return set;
    }

    private Object zip(Arguments arguments) {
        List<List<@Nullable Object>> columns = new ArrayList<>();
        for (Object part : arguments.positional()) {
            List<@Nullable Object> column = new ArrayList<>();
            Python.elements(part).forEach(column::add);
            columns.add(column);
        }
        int length = columns.stream().mapToInt(List::size).min().orElse(0);
        List<Object> rows = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            List<@Nullable Object> row = new ArrayList<>();
            for (List<@Nullable Object> column : columns) {
                row.add(column.get(i));
            }
            rows.add(PyTuple.copyOf(row));
        }
        return rows;
    }

    private Object difference(Arguments arguments) {
        Map<Object, @Nullable Object> difference = new LinkedHashMap<>();
        if (arguments.require(0, "dict_a") instanceof Map<?, ?> a
                && arguments.require(1, "dict_b") instanceof Map<?, ?> b) {
            a.forEach((key, value) -> {
                if (!b.containsKey(key)) {
                    difference.put(key, value);
                } else if (value instanceof List<?> list && b.get(key) instanceof List<?> other) {
                    List<@Nullable Object> left = new ArrayList<>(list);
                    left.removeAll(other);
                    if (!left.isEmpty()) {
                        difference.put(key, left);
                    }
                } else if (!Objects.equals(value, b.get(key))) {
                    difference.put(key, value);
                }
            });
        }
        return difference;
    }

    static String hex(String algorithm, String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance(algorithm).digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@code dbt_utils} in {@code dbt_utils.star(…)}. */
    private final class PackageNames implements HostObject {
        private final String packageName;

        PackageNames(String packageName) {
            this.packageName = packageName;
        }

        @Override
        public @Nullable Object attribute(String name) {
            Callable macro = rendering.macroIn(packageName, name);
            if (macro != null) {
                return macro;
            }
            if (name.equals("get")) {
                return (Callable) arguments -> {
                    Callable other = rendering.macroIn(packageName, arguments.text(0, "name"));
                    return other == null ? arguments.get(1, "default") : other;
                };
            }
            String problem = "package '" + packageName + "' has no macro '" + name + "'"
                    + Problems.nearest(name, rendering.library().macros.names(packageName));
            missingMacros.add(problem);
            return Undefined.because(name, problem);
        }

        @Override
        public boolean isMapping() {
            return true;
        }

        @Override
        public String typeName() {
            return "dict";
        }
    }

    /** A relation by name alone: for messages while there is none yet. */
    static RelationValue nameless(String name) {
        return RelationValue.of(new Relation(null, null, name), null, RelationValue.Parts.ALL);
    }
}
