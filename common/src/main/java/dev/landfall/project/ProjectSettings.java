package dev.landfall.project;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What dbt_project.yml says beside the configuration of nodes.
 *
 * @param targetPath where artifacts go, relative to the project's root: {@code target}
 * @param vars variables as the project's own nodes see them, those of the command line included
 * @param onRunStart hooks before a run, of packages first
 * @param onRunEnd hooks after a run
 * @param queryComment a template, or null for dbt's own comment
 * @param packages names of the packages below {@code packages-install-path}
 */
public record ProjectSettings(
        @Nullable String version,
        Path targetPath,
        Map<String, @Nullable Object> vars,
        List<Hook> onRunStart,
        List<Hook> onRunEnd,
        @Nullable String queryComment,
        List<String> packages) {}
