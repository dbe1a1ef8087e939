package dev.landfall.template;

import dev.landfall.jinja.Arguments;
import dev.landfall.jinja.Python;
import dev.landfall.project.Definition;
import dev.landfall.project.Dependencies;
import dev.landfall.project.MacroDefinition;
import dev.landfall.project.ModelConfig;
import dev.landfall.project.Relation;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Database, schema and alias of a node: what dbt's {@code generate_…_name} macros make, overridden or not. */
final class Naming {
    private final Library library;
    private final NodeMaps maps;

    Naming(Library library) {
        this.library = library;
        this.maps = new NodeMaps(library);
    }

    Relation relation(Definition definition, String kind, ModelConfig config) {
        String database = name("database", definition, kind, config);
        String schema = name("schema", definition, kind, config);
        String alias = name("alias", definition, kind, config);
        if (kind.equals("snapshot")) {
            database = config.text("target_database").orElse(database);
            schema = config.text("target_schema").orElse(schema);
        }
        return new Relation(database, schema, alias == null ? definition.name() : alias);
    }

    private @Nullable String name(String what, Definition definition, String kind, ModelConfig config) {
        String custom = config.text(what).orElse(null);
        String macro = "generate_" + what + "_name";
        if (library.macros.untouched(definition.packageName(), macro)) {
            return standard(what, custom, definition);
        }
        MacroDefinition found = library.macros.naming(definition.packageName(), macro);
        if (found == null) {
            return standard(what, custom, definition);
        }
        Subject subject = new Subject(
                definition.uniqueId(), definition.name(), library.name, "operation", null, config, null, Map::of);
        Rendering rendering = Rendering.naming(library, subject);
        Map<String, @Nullable Object> node = maps.of(
                definition,
                kind,
                config,
                new Relation(library.target.database(), library.target.schema(), definition.name()),
                Dependencies.NONE);
        Object name = rendering.bind(found).call(Arguments.of(custom, node));
        return name == null ? null : Python.str(name).strip();
    }

    private String standard(String what, @Nullable String custom, Definition definition) {
        return switch (what) {
            case "database" -> custom == null ? library.target.database() : custom.strip();
            case "schema" -> custom == null ? library.target.schema() : library.target.schema() + "_" + custom.strip();
            default -> custom == null ? versioned(definition) : custom.strip();
        };
    }

    private static String versioned(Definition definition) {
        return definition.version() == null
                ? definition.name()
                : definition.name() + "_" + definition.version().suffix().replace('.', '_');
    }
}
