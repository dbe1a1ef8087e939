package dev.landfall.template;

import dev.landfall.project.YamlMap;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A dbt package: the project itself, or one that lies under its packages-install-path.
 *
 * @param prefix what stands before its paths in messages: empty for the project, {@code dbt_packages/dbt_utils/}
 * @param settings its dbt_project.yml, rendered
 */
record DbtPackage(String name, Path directory, String prefix, YamlMap settings) {

    List<String> modelPaths() {
        return paths("models", "model-paths", "source-paths");
    }

    List<String> seedPaths() {
        return paths("seeds", "seed-paths", "data-paths");
    }

    List<String> snapshotPaths() {
        return paths("snapshots", "snapshot-paths");
    }

    List<String> testPaths() {
        return paths("tests", "test-paths");
    }

    List<String> analysisPaths() {
        return paths("analyses", "analysis-paths");
    }

    List<String> macroPaths() {
        return paths("macros", "macro-paths");
    }

    /** All paths that may hold property files and docs. */
    Set<String> allPaths() {
        Set<String> all = new LinkedHashSet<>(modelPaths());
        all.addAll(seedPaths());
        all.addAll(snapshotPaths());
        all.addAll(analysisPaths());
        all.addAll(macroPaths());
        all.addAll(testPaths());
        return all;
    }

    Set<String> docsPaths() {
        Set<String> paths = new LinkedHashSet<>();
        settings.list("docs-paths").forEach(path -> paths.add(String.valueOf(path)));
        return paths.isEmpty() ? allPaths() : paths;
    }

    private List<String> paths(String otherwise, String... keys) {
        for (String key : keys) {
            if (settings.get(key) instanceof List<?> list && !list.isEmpty()) {
                return list.stream().map(String::valueOf).toList();
            }
        }
        return List.of(otherwise);
    }

    /** A path relative to the package, as messages show it. */
    String shown(Path relative) {
        return prefix + relative.toString().replace('\\', '/');
    }
}
