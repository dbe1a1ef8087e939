package dev.landfall.template;

import dev.landfall.jinja.Location;
import dev.landfall.project.Problems;
import dev.landfall.project.Target;
import dev.landfall.project.YamlFile;
import dev.landfall.project.YamlMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds the packages of a project: itself, what lies under packages-install-path, and local ones of packages.yml. */
final class Packages {
    private static final Set<String> KNOWN = Set.of(
            "name",
            "version",
            "config-version",
            "profile",
            "model-paths",
            "source-paths",
            "seed-paths",
            "data-paths",
            "test-paths",
            "macro-paths",
            "snapshot-paths",
            "analysis-paths",
            "docs-paths",
            "asset-paths",
            "function-paths",
            "target-path",
            "clean-targets",
            "log-path",
            "packages-install-path",
            "quoting",
            "on-run-start",
            "on-run-end",
            "require-dbt-version",
            "dispatch",
            "models",
            "seeds",
            "snapshots",
            "sources",
            "tests",
            "data_tests",
            "exposures",
            "metrics",
            "semantic-models",
            "saved-queries",
            "unit_tests",
            "functions",
            "analyses",
            "vars",
            "query-comment",
            "flags",
            "restrict-access",
            "dbt-cloud",
            "packages",
            "project-root",
            "data-tests");

    private static final Set<String> MAPPINGS = Set.of(
            "data_tests", "exposures", "flags", "models", "quoting", "seeds", "snapshots", "sources", "tests", "vars");

    private final ProjectOptions options;
    private final Problems problems;
    private final Map<String, byte[]> digests;

    Packages(ProjectOptions options, Problems problems, Map<String, byte[]> digests) {
        this.options = options;
        this.problems = problems;
        this.digests = digests;
    }

    /** dbt_project.yml of the project as written, or null when there is none; then that is told. */
    @Nullable
    YamlMap readRoot() {
        Path file = options.projectDir().resolve("dbt_project.yml");
        if (!Files.isRegularFile(file)) {
            problems.error(
                    "dbt_project.yml",
                    0,
                    "not found in " + options.projectDir().toAbsolutePath().normalize()
                            + "; name the project's directory with --project-dir");
            return null;
        }
        YamlMap settings = read(file, "dbt_project.yml");
        if (settings != null) {
            for (String key : settings.keySet()) {
                if (!KNOWN.contains(key)) {
                    problems.error(settings.at(key), "unknown key '" + key + "'" + Problems.nearest(key, KNOWN));
                }
            }
            refuseShapes(settings);
            if (!problems.none() && settings.isEmpty()) {
                return settings;
            }
            if (settings.text("name") == null) {
                problems.error("dbt_project.yml", 0, "has no 'name'");
            } else if (!settings.text("name", "").matches("[A-Za-z_]\\w*")) {
                problems.error(
                        settings.valueAt("name"),
                        "'name' is '" + settings.text("name", "") + "'; letters, digits and underscores make a name");
            }
        }
        return settings;
    }

    private void refuseShapes(YamlMap settings) {
        for (String key : settings.keySet()) {
            Object value = settings.get(key);
            String needs = value == null
                    ? null
                    : key.endsWith("-paths") && !(value instanceof List)
                            ? "a list, [" + value + "]"
                            : MAPPINGS.contains(key) && !(value instanceof YamlMap) ? "keys and values" : null;
            if (needs != null) {
                problems.error(settings.valueAt(key), "'" + key + "' must be " + needs);
            }
        }
    }

    private @Nullable YamlMap read(Path file, String shown) {
        try {
            String text = Files.readString(file);
            digests.put(shown, Checksum.of(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
            return YamlFile.read(shown, text, problems);
        } catch (IOException e) {
            problems.error(shown, 0, "cannot be read: " + e);
            return null;
        }
    }

    /** dbt_project.yml with its Jinja rendered, but for what is rendered when it is used. */
    YamlMap render(YamlMap settings, @Nullable Target target) {
        YamlRenderer renderer = new YamlRenderer(
                YamlRenderer.names(
                        options.environment(),
                        options.vars(),
                        target == null ? null : new LinkedHashMap<>(target.values()),
                        false),
                problems);
        Set<String> late = Set.of("on-run-start", "on-run-end", "query-comment", "vars");
        return renderer.render(
                settings,
                (path, value) -> late.contains(path.get(0))
                        || path.stream().anyMatch(part -> part.matches("\\+?\\s*(pre|post)[-_]hook")));
    }

    /** All packages, the project first, the others in the order of their names. */
    List<DbtPackage> find(YamlMap root, @Nullable Target target) {
        List<DbtPackage> packages = new ArrayList<>();
        DbtPackage project = new DbtPackage(root.text("name", "project"), options.projectDir(), "", root);
        packages.add(project);
        Map<String, DbtPackage> found = new java.util.TreeMap<>();
        String install = options.environment()
                .getOrDefault(
                        "DBT_PACKAGES_INSTALL_PATH",
                        root.text("packages-install-path", root.text("modules-path", "dbt_packages")));
        Path folder = options.projectDir().resolve(install);
        if (Files.isDirectory(folder)) {
            try (Stream<Path> children = Files.list(folder)) {
                children.sorted()
                        .forEach(child -> add(found, child, install + "/" + child.getFileName() + "/", target, null));
            } catch (IOException e) {
                problems.error(install, 0, "cannot be listed: " + e);
            }
        }
        required(found, target, install);
        found.remove(project.name());
        packages.addAll(found.values());
        return packages;
    }

    private void add(
            Map<String, DbtPackage> found,
            Path directory,
            String prefix,
            @Nullable Target target,
            @Nullable Location named) {
        Path file = directory.resolve("dbt_project.yml");
        if (!Files.isRegularFile(file)) {
            if (named != null) {
                problems.error(named, "there is no package in " + prefix + ": no dbt_project.yml");
            }
            return;
        }
        YamlMap written = read(file, prefix + "dbt_project.yml");
        if (written != null && written.text("name") != null) {
            String name = written.text("name", "");
            found.putIfAbsent(name, new DbtPackage(name, directory, prefix, render(written, target)));
        }
    }

    /** Local packages need no installation; others must have been installed. */
    private void required(Map<String, DbtPackage> found, @Nullable Target target, String install) {
        for (String name : List.of("packages.yml", "dependencies.yml")) {
            Path file = options.projectDir().resolve(name);
            if (!Files.isRegularFile(file)) {
                continue;
            }
            YamlMap written = read(file, name);
            if (written == null) {
                continue;
            }
            int others = 0;
            for (YamlMap entry : written.maps("packages", problems)) {
                String local = entry.text("local");
                if (local != null) {
                    add(
                            found,
                            options.projectDir().resolve(local).normalize(),
                            local + "/",
                            target,
                            entry.valueAt("local"));
                } else {
                    others++;
                }
            }
            if (others > 0 && found.size() < others) {
                problems.error(
                        written.at("packages"),
                        "names " + others + " packages, but " + install + "/ holds " + found.size()
                                + ": install them there (dbt deps), each in a folder of its own");
            }
        }
    }
}
