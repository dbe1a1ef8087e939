package dev.landfall.template;

import dev.landfall.jinja.JinjaException;
import dev.landfall.jinja.Macro;
import dev.landfall.jinja.Template;
import dev.landfall.project.MacroDefinition;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** All macros of a project by package, and the order in which dbt looks for a name. */
final class Macros {
    /** The package of the macros that come with the engine, as dbt calls it. */
    static final String INTERNAL = "dbt";

    private static final List<String> RESOURCES = List.of(
            "names.sql",
            "types.sql",
            "dates.sql",
            "strings.sql",
            "sets.sql",
            "tests.sql",
            "relations.sql",
            "materializations.sql",
            "snapshots.sql");

    /** dbt-duckdb's materializations of its own, and those that dbt has for every database. */
    private static final Set<String> BUILT_FOR_DUCKDB = Set.of("table", "incremental", "external", "table_function");

    private static final Set<String> BUILT_FOR_ALL = Set.of("view", "ephemeral", "seed", "snapshot", "test", "unit");

    /** Macros of dbt's materializations, which a project may replace; here only its own materializations call them. */
    private static final Set<String> OF_MATERIALIZATIONS = Set.of(
            "apply_grants",
            "build_snapshot_table",
            "check_for_schema_changes",
            "create_csv_table",
            "create_indexes",
            "create_schema",
            "create_table_as",
            "create_view_as",
            "drop_relation",
            "get_create_table_as_sql",
            "get_create_view_as_sql",
            "get_delete_insert_merge_sql",
            "get_insert_into_sql",
            "get_merge_sql",
            "load_csv_rows",
            "make_backup_relation",
            "make_intermediate_relation",
            "make_temp_relation",
            "materialization_seed",
            "materialization_snapshot",
            "materialization_test",
            "materialization_unit",
            "persist_docs",
            "process_schema_changes",
            "rename_relation",
            "run_hooks",
            "snapshot_hash_arguments",
            "snapshot_merge_sql",
            "snapshot_staging_table",
            "sync_column_schemas");

    private final String root;
    private final Map<String, Map<String, MacroDefinition>> byPackage = new HashMap<>();
    private final Map<String, MacroDefinition> byId = new LinkedHashMap<>();

    Macros(String root, Collection<MacroDefinition> definitions) {
        this.root = root;
        for (MacroDefinition definition : definitions) {
            byPackage
                    .computeIfAbsent(definition.packageName(), name -> new HashMap<>())
                    .put(definition.name(), definition);
            byId.put(definition.uniqueId(), definition);
        }
    }

    /** The macros that come with the engine; read once. */
    static List<MacroDefinition> internal() {
        return Internal.MACROS;
    }

    Map<String, MacroDefinition> byId() {
        return byId;
    }

    /** As a template in that package finds it: its own package, the project, then the engine. */
    @Nullable
    MacroDefinition find(String fromPackage, String name) {
        MacroDefinition found = in(fromPackage, name);
        if (found == null && !fromPackage.equals(root)) {
            found = in(root, name);
        }
        return found == null ? in(INTERNAL, name) : found;
    }

    @Nullable
    MacroDefinition in(String packageName, String name) {
        Map<String, MacroDefinition> macros = byPackage.get(packageName);
        return macros == null ? null : macros.get(name);
    }

    boolean hasPackage(String name) {
        return byPackage.containsKey(name);
    }

    Set<String> names(String packageName) {
        return byPackage.getOrDefault(packageName, Map.of()).keySet();
    }

    /** Macros of the project that dbt's own materializations would call and the engine's do not. */
    List<MacroDefinition> uncalled() {
        return byPackage.getOrDefault(root, Map.of()).values().stream()
                .filter(macro -> OF_MATERIALIZATIONS.contains(
                        macro.name().replaceFirst("^(default|duckdb)__", "").replaceFirst("_(default|duckdb)$", "")))
                .sorted(Comparator.comparing(MacroDefinition::uniqueId))
                .toList();
    }

    /**
     * A project's or package's own materialization where dbt would take it, null where the engine's own is taken: one
     * for DuckDB before one for all databases, then the project's before a package's. A package may not replace a
     * materialization of dbt's.
     *
     * @throws JinjaException when two packages have it
     */
    @Nullable
    MacroDefinition materialization(String name) {
        boolean builtIn = BUILT_FOR_DUCKDB.contains(name) || BUILT_FOR_ALL.contains(name);
        for (String adapter : List.of("duckdb", "default")) {
            String macro = "materialization_" + name + "_" + adapter;
            MacroDefinition own = in(root, macro);
            if (own != null) {
                return own;
            }
            if (!builtIn) {
                MacroDefinition imported = imported(macro);
                if (imported != null) {
                    return imported;
                }
            }
            if (adapter.equals("duckdb") && BUILT_FOR_DUCKDB.contains(name)) {
                return null;
            }
        }
        return null;
    }

    private @Nullable MacroDefinition imported(String macro) {
        List<MacroDefinition> found = byPackage.values().stream()
                .map(macros -> macros.get(macro))
                .filter(Objects::nonNull)
                .toList();
        if (found.size() > 1) {
            throw new JinjaException("Found two materializations with the name " + macro + " (packages "
                    + found.get(0).packageName() + " and " + found.get(1).packageName()
                    + "); choose one in the project: a materialization of the same name that returns "
                    + found.get(0).packageName() + "." + macro + "()");
        }
        return found.isEmpty() ? null : found.get(0);
    }

    /** The macro that names things ({@code generate_schema_name}): the project's, the node's package's, the engine's. */
    @Nullable
    MacroDefinition naming(String nodePackage, String name) {
        MacroDefinition found = in(root, name);
        if (found == null) {
            found = in(nodePackage, name);
        }
        return found == null ? in(INTERNAL, name) : found;
    }

    /** Whether the engine's own macro decides, and no package has a part in it. */
    boolean untouched(String nodePackage, String name) {
        for (String packageName : List.of(root, nodePackage)) {
            if (in(packageName, name) != null
                    || in(packageName, "default__" + name) != null
                    || in(packageName, "duckdb__" + name) != null) {
                return false;
            }
        }
        return true;
    }

    private static final class Internal {
        static final List<MacroDefinition> MACROS = read();

        private static List<MacroDefinition> read() {
            return RESOURCES.stream()
                    .flatMap(name -> Template.parse("dbt/" + name, text(name)).macros().stream()
                            .map(macro -> definition(name, macro)))
                    .toList();
        }

        private static MacroDefinition definition(String file, Macro macro) {
            return new MacroDefinition(
                    "macro." + INTERNAL + "." + macro.name(), INTERNAL, Path.of("dbt", file), macro, "");
        }

        private static String text(String name) {
            try (InputStream in = Macros.class.getResourceAsStream("dbt/" + name)) {
                if (in == null) {
                    throw new JinjaException("the engine's macros are missing: " + name);
                }
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
