package dev.landfall.project;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What dbt_project.yml, the command line and the environment say beside the configuration of nodes.
 *
 * @param version as written, or null
 * @param targetPath where artifacts go, relative to the project's root: {@code target}
 * @param vars variables by the name of the package whose nodes see them, those of the command line included
 * @param onRunStart hooks before a run, those of packages last
 * @param onRunEnd hooks after a run
 * @param queryComment a template, or null for dbt's own comment
 * @param packages names of all packages, the project's own first
 * @param dispatch for a macro namespace, the packages in which its macros are looked for
 * @param quoting which parts of a relation's name are quoted: database, schema, identifier
 * @param environment what {@code env_var()} reads
 * @param invocation which loading of the project this is
 */
public record ProjectSettings(
        @Nullable String version,
        Path targetPath,
        Map<String, Map<String, @Nullable Object>> vars,
        List<Hook> onRunStart,
        List<Hook> onRunEnd,
        @Nullable String queryComment,
        List<String> packages,
        Map<String, List<String>> dispatch,
        Map<String, Boolean> quoting,
        Map<String, String> environment,
        Invocation invocation) {

    /** The variables that the nodes of a package see. */
    public Map<String, @Nullable Object> varsOf(String packageName) {
        return vars.getOrDefault(packageName, Map.of());
    }
}
