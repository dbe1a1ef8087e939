package dev.landfall.template;

import dev.landfall.jinja.Arguments;
import dev.landfall.jinja.Callable;
import dev.landfall.jinja.JinjaException;
import dev.landfall.jinja.Template;
import dev.landfall.project.DataTest;
import dev.landfall.project.Exposure;
import dev.landfall.project.Group;
import dev.landfall.project.MacroDefinition;
import dev.landfall.project.Model;
import dev.landfall.project.ModelConfig;
import dev.landfall.project.Node;
import dev.landfall.project.Problems;
import dev.landfall.project.Project;
import dev.landfall.project.Relation;
import dev.landfall.project.Snapshot;
import dev.landfall.project.SourceTable;
import dev.landfall.project.UnitTest;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Turns the project's templates into SQL. Safe for use by several threads. Every method throws {@link JinjaException}
 * when the template fails, with file and line.
 */
public final class TemplateRenderer {
    private final Project project;
    private final Library library;
    private final References references;
    private final NodeMaps maps;

    public TemplateRenderer(Project project) {
        this(project, Deferral.NONE);
    }

    /** @param deferral where {@code ref()} finds what is not built here */
    public TemplateRenderer(Project project, Deferral deferral) {
        this.project = project;
        this.library = new Library(
                project.name(),
                project.target(),
                project.settings(),
                new Macros(project.name(), project.macros().values()));
        this.references = new References(project, deferral);
        this.maps = new NodeMaps(library);
    }

    public CompiledModel compile(Model model, RenderRequest request) {
        Compilation compilation = new Compilation(request);
        String sql = compilation.compile(model, template(model), request);
        return new CompiledModel(model, sql, Set.copyOf(compilation.varsRead), Checksum.hex(sql));
    }

    /** The query for failing rows. */
    public CompiledTest compile(DataTest test, RenderRequest request) {
        Compilation compilation = new Compilation(request);
        DataTest.Generic generic = test.generic();
        return new CompiledTest(
                test,
                generic == null
                        ? compilation.compile(test, template(test), request)
                        : compilation.generic(test, generic, request));
    }

    /** The query of a snapshot. */
    public String compile(Snapshot snapshot, RenderRequest request) {
        return new Compilation(request).compile(snapshot, template(snapshot), request);
    }

    /**
     * The SQL of a unit test's model, over written rows.
     *
     * @param fixtures the queries that stand in place of what the model reads, by unique id; {@code this} for its own
     *     table
     */
    public String compile(UnitTest test, Map<String, String> fixtures, RenderRequest request) {
        Model model = project.model(test.model()).orElseThrow();
        UnitTestNames names = new UnitTestNames(test, references, fixtures.keySet());
        Map<String, @Nullable Object> vars = new LinkedHashMap<>(request.vars());
        vars.putAll(test.vars());
        RenderRequest own = new RenderRequest(
                request.database(), false, false, request.command(), vars, names.context(project.settings()));
        String sql = rendering(model, own).render(template(model));
        Map<String, String> ctes = new LinkedHashMap<>();
        fixtures.forEach((id, rows) -> ctes.put("__dbt__cte__" + UnitTestNames.identifier(id), rows));
        return Ephemeral.inject(sql, ctes);
    }

    /** The SQL of any node that has a text, compiled but not to be run: an analysis too. */
    public String compile(Node node, RenderRequest request) {
        if (node instanceof DataTest test) {
            return compile(test, request).sql();
        }
        return new Compilation(request).compile(node, template(node), request);
    }

    /** Renders text in the context of a node: a hook, {@code sql_header}. */
    public String renderSql(Node node, String jinja, RenderRequest request) {
        if (!Library.isTemplate(jinja)) {
            return jinja;
        }
        return rendering(node, request).render(library.text(node.file().toString(), jinja));
    }

    /** Renders text in the project's own context: {@code on-run-start}, {@code show --inline}. */
    public String renderSql(String jinja, RenderRequest request) {
        return Library.isTemplate(jinja)
                ? rendering(null, request).render(library.text("dbt_project.yml", jinja))
                : jinja;
    }

    /** A query that is not in the project ({@code show --inline}), the text of ephemeral models included. */
    public String compileInline(String jinja, RenderRequest request) {
        Compilation compilation = new Compilation(request);
        Rendering rendering = rendering(null, request);
        return compilation.finish(rendering, rendering.render(library.text("inline query", jinja)));
    }

    /** Whether the project has a macro for an incremental strategy of its own. */
    public boolean hasStrategy(Model model, String strategy) {
        MacroDefinition macro = library.macros.find(model.packageName(), strategyMacro(strategy));
        return macro != null && !macro.packageName().equals(Macros.INTERNAL);
    }

    /**
     * What the project's own macro makes of an incremental strategy: SQL that brings a batch into the table.
     *
     * @param columns those that are inserted
     */
    public String strategySql(
            Model model,
            String strategy,
            Relation target,
            Relation batch,
            java.util.List<ColumnInfo> columns,
            RenderRequest request) {
        Map<String, @Nullable Object> facts = new LinkedHashMap<>();
        facts.put("strategy", strategy);
        facts.put("target_relation", library.relation(target, "table", model.config()));
        facts.put("temp_relation", library.relation(batch, "table", model.config()));
        facts.put("unique_key", model.config().get("unique_key"));
        java.util.List<Object> all = new java.util.ArrayList<>();
        columns.forEach(column -> all.add(new ColumnValue(column.name(), column.type())));
        facts.put("dest_columns", all);
        facts.put(
                "incremental_predicates",
                model.config().incrementalPredicates().isEmpty()
                        ? null
                        : new java.util.ArrayList<>(model.config().incrementalPredicates()));
        Callable macro = rendering(model, request).macro(strategyMacro(strategy));
        if (macro == null) {
            throw new JinjaException("unknown incremental strategy '" + strategy + "'");
        }
        return dev.landfall.jinja.Python.str(macro.call(new Arguments(java.util.List.of(facts), Map.of())));
    }

    private static String strategyMacro(String strategy) {
        return "get_incremental_" + strategy.replace('+', '_') + "_sql";
    }

    /**
     * What a snapshot strategy of the project's own says, as dbt's are written: {@code updated_at}, {@code row_changed},
     * {@code scd_id}, {@code unique_key}, {@code hard_deletes}.
     *
     * @param strategy {@code x} for the macro {@code snapshot_x_strategy}, or {@code package.x}
     * @param sql the snapshot's compiled SQL
     * @param exists whether the snapshot's table is there already
     * @return null when neither the project nor its packages have such a macro
     */
    public @Nullable Map<String, @Nullable Object> snapshotStrategy(
            Snapshot snapshot, String strategy, String sql, boolean exists, RenderRequest request) {
        int dot = strategy.indexOf('.');
        String name = "snapshot_" + strategy.substring(dot + 1) + "_strategy";
        MacroDefinition definition = dot < 0
                ? library.macros.find(snapshot.packageName(), name)
                : library.macros.in(strategy.substring(0, dot), name);
        if (definition == null || definition.packageName().equals(Macros.INTERNAL)) {
            return null;
        }
        Map<String, @Nullable Object> model = compiled(snapshot, sql);
        Rendering rendering =
                Rendering.running(library, subject(snapshot, () -> model), references, withSql(request, sql));
        Object said = rendering
                .bind(definition)
                .call(Arguments.of(model, "snapshotted_data", "source_data", model.get("config"), exists));
        if (!(said instanceof Map<?, ?> map)) {
            throw new JinjaException(definition.file() + ": the macro " + name
                    + " must return a dict with updated_at, row_changed and scd_id");
        }
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        map.forEach((key, value) -> answer.put(String.valueOf(key), value));
        return answer;
    }

    private Map<String, @Nullable Object> compiled(Node node, String sql) {
        Map<String, @Nullable Object> map = maps.of(node);
        map.put("compiled", true);
        map.put("compiled_code", sql);
        return map;
    }

    private static RenderRequest withSql(RenderRequest request, String sql) {
        Map<String, @Nullable Object> context = new LinkedHashMap<>(request.context());
        context.put("sql", sql);
        context.put("compiled_code", sql);
        return request.withContext(context);
    }

    /** Whether the project or a package builds the model by a materialization block of its own. */
    public boolean hasMaterialization(Model model) {
        return library.macros.materialization(model.materialized()) != null;
    }

    /**
     * Builds a model by the project's own materialization, which commits by {@code adapter.commit()} what it did in a
     * transaction. What it leaves open is taken back, as in dbt.
     *
     * @param sql the model's compiled SQL
     */
    public void materialize(Model model, String sql, RenderRequest request) {
        MacroDefinition definition =
                Objects.requireNonNull(library.macros.materialization(model.materialized()), model.materialized());
        Rendering rendering = Rendering.running(
                        library, subject(model, () -> compiled(model, sql)), references, withSql(request, sql))
                .transactional();
        Object result = rendering.bind(definition).call(new Arguments(java.util.List.of(), Map.of()));
        request.database().rollback();
        if (result instanceof String) {
            throw new JinjaException("The materialization (\"" + model.materialized()
                    + "\") did not explicitly return a list of relations to add to the cache.\nEnd it with {{ return({'relations': [target_relation]}) }} in "
                    + definition.file());
        }
        if (!(result instanceof Map<?, ?> map && map.get("relations") instanceof java.util.List<?>)) {
            throw new JinjaException(
                    "Invalid return value from materialization, expected a dict with key \"relations\", got: "
                            + dev.landfall.jinja.Python.str(result));
        }
        if (!rendering.hasResult("main")) {
            throw new JinjaException("main is not being called during running model: " + definition.file()
                    + " has no {% call statement('main') %}");
        }
    }

    /** Whether a macro is to be found from the project's root under this name. */
    public boolean hasMacro(String name) {
        return macro(name) != null;
    }

    /**
     * Calls a macro by name ({@code x} or {@code package.x}), in the context of a node when one is given. Its statements
     * begin a transaction; what the macro does not commit is taken back, as in dbt.
     *
     * @throws JinjaException also when there is no such macro
     */
    public @Nullable Object callMacro(
            String name, @Nullable Node node, Map<String, @Nullable Object> arguments, RenderRequest request) {
        Rendering rendering = rendering(node, request).transactional();
        int dot = name.indexOf('.');
        Callable macro =
                dot < 0 ? rendering.macro(name) : rendering.macroIn(name.substring(0, dot), name.substring(dot + 1));
        if (macro == null) {
            Set<String> known = new TreeSet<>();
            project.settings().packages().forEach(each -> known.addAll(library.macros.names(each)));
            throw new JinjaException("unknown macro '" + name + "'" + Problems.nearest(name, known));
        }
        Object result = macro.call(new Arguments(java.util.List.of(), arguments));
        request.database().rollback();
        return result;
    }

    private @Nullable MacroDefinition macro(String name) {
        int dot = name.indexOf('.');
        return dot < 0
                ? library.macros.find(project.name(), name)
                : library.macros.in(name.substring(0, dot), name.substring(dot + 1));
    }

    /** How templates see a node: dbt's manifest form. */
    public Map<String, @Nullable Object> describe(Node node) {
        return maps.of(node);
    }

    /** As {@link #describe(Node)}. */
    public Map<String, @Nullable Object> describe(SourceTable source) {
        return maps.of(source);
    }

    /** As {@link #describe(Node)}. */
    public Map<String, @Nullable Object> describe(Exposure exposure) {
        return maps.of(exposure);
    }

    /** As {@link #describe(Node)}. */
    public Map<String, @Nullable Object> describe(Group group) {
        return maps.of(group);
    }

    private static Template template(Node node) {
        return Objects.requireNonNull(node.definition().template(), () -> node.uniqueId() + " has no text");
    }

    private Rendering rendering(@Nullable Node node, RenderRequest request) {
        return Rendering.running(library, node == null ? projectSubject() : subject(node), references, request);
    }

    private Subject projectSubject() {
        return new Subject(
                "operation." + project.name(),
                project.name(),
                project.name(),
                "operation",
                null,
                ModelConfig.EMPTY,
                null,
                LinkedHashMap::new);
    }

    private Subject subject(Node node) {
        return subject(node, () -> maps.of(node));
    }

    private Subject subject(Node node, Supplier<Map<String, @Nullable Object>> map) {
        Relation relation = NodeMaps.relation(node);
        return new Subject(
                node.uniqueId(),
                node.name(),
                node.packageName(),
                node.resourceType(),
                relation == null ? null : library.relation(relation, null, node.config()),
                node.config(),
                new LinkedHashSet<>(node.dependsOn()),
                map);
    }

    /** A hash over a node's text and the macros that it calls, directly or not, those of the project and its packages. */
    public String codeChecksum(Node node) {
        return new MacroCalls(project).checksum(node);
    }

    /** One node with all the ephemeral models below it. */
    private final class Compilation {
        private final RenderRequest request;
        private final Set<String> varsRead = new LinkedHashSet<>();

        /** The text of ephemeral models by the name they have in SQL, each after those that it reads. */
        private final Map<String, String> ctes = new LinkedHashMap<>();

        Compilation(RenderRequest request) {
            this.request = request;
        }

        String compile(Node node, Template template, RenderRequest own) {
            Rendering rendering = rendering(node, own);
            return finish(rendering, rendering.render(template));
        }

        String generic(DataTest test, DataTest.Generic generic, RenderRequest own) {
            Rendering rendering = rendering(test, own);
            String name = "test_" + generic.test();
            Callable macro =
                    generic.namespace() == null ? rendering.macro(name) : rendering.macroIn(generic.namespace(), name);
            if (macro == null) {
                throw new JinjaException("unknown test '" + generic.test() + "'");
            }
            Map<String, @Nullable Object> arguments = GenericTests.rendered(
                    generic.arguments(), rendering, test.definition().place());
            Object sql = macro.call(new Arguments(java.util.List.of(), arguments));
            return finish(rendering, dev.landfall.jinja.Python.str(sql));
        }

        /** Puts the ephemeral models that the text reads in front of it. */
        String finish(Rendering rendering, String sql) {
            add(rendering);
            return Ephemeral.inject(sql, ctes);
        }

        private void add(Rendering rendering) {
            varsRead.addAll(rendering.varsRead());
            for (Model model : rendering.ephemeral()) {
                String name = "__dbt__cte__" + model.relation().identifier();
                if (!ctes.containsKey(name)) {
                    Rendering below =
                            rendering(model, request.withIncremental(false).withBatch(null));
                    String sql = below.render(template(model));
                    add(below);
                    ctes.put(name, sql);
                }
            }
        }
    }
}
