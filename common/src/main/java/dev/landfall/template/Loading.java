package dev.landfall.template;

import dev.landfall.graph.Selectors;
import dev.landfall.jinja.Location;
import dev.landfall.jinja.Macro;
import dev.landfall.jinja.Python;
import dev.landfall.jinja.Template;
import dev.landfall.project.Appendix;
import dev.landfall.project.Group;
import dev.landfall.project.Hook;
import dev.landfall.project.InvalidProjectException;
import dev.landfall.project.Invocation;
import dev.landfall.project.MacroDefinition;
import dev.landfall.project.Node;
import dev.landfall.project.Problems;
import dev.landfall.project.Project;
import dev.landfall.project.ProjectSettings;
import dev.landfall.project.StreamConfig;
import dev.landfall.project.StreamFiles;
import dev.landfall.project.Target;
import dev.landfall.project.YamlFile;
import dev.landfall.project.YamlMap;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One loading of a project, step after step; every step goes on past mistakes, so that all are told together. */
final class Loading {
    private final ProjectOptions options;
    private final Desk desk = new Desk();
    private final Problems problems = desk.problems;
    private final Map<String, byte[]> digests = desk.digests;

    Loading(ProjectOptions options) {
        this.options = new ProjectOptions(
                options.projectDir().toAbsolutePath().normalize(),
                options.profilesDir(),
                options.profile(),
                options.target(),
                options.vars(),
                options.environment());
    }

    Project load() throws InvalidProjectException {
        Packages finder = new Packages(options, problems, digests);
        YamlMap written = finder.readRoot();
        problems.throwIfAny();
        YamlMap root = Objects.requireNonNull(written);
        Target target = target(root);
        YamlMap settings = finder.render(root, target);
        List<DbtPackage> packages = finder.find(settings, target);
        if (target == null) {
            problems.throwIfAny();
            throw new IllegalStateException("no target and no problem");
        }
        packages.forEach(desk::add);
        ProjectSettings projectSettings = settings(packages);
        String name = packages.get(0).name();
        Macros macros = new Macros(name, macros(packages));
        macros.uncalled()
                .forEach(macro -> problems.warn(
                        macro.macro().location(),
                        "'" + macro.name()
                                + "' stands in for dbt's own, but only the project's own {% materialization %} blocks"
                                + " call it: Landfall's materializations are not macros"));
        Library library = new Library(name, target, projectSettings, macros);

        Map<String, @Nullable Object> yamlNames =
                YamlRenderer.names(options.environment(), projectSettings.varsOf(name), library.targetMap(), false);
        YamlRenderer renderer = new YamlRenderer(yamlNames, problems);
        Descriptions descriptions = new Descriptions(name, yamlNames, problems);
        docs(packages, descriptions);
        PropertyFiles properties = properties(packages, renderer);

        List<Parsed> parsed = new ArrayList<>(new NodeParser(desk, library, properties, descriptions).parse(packages));
        SourceTables sources = new SourceTables(target, name, desk, descriptions);
        properties.sources().forEach(sources::add);
        parsed.addAll(new TestParser(desk, library).parse(properties, sources, renderer, parsed));
        warnOfStrayProperties(properties, parsed);

        Linker linker = new Linker(desk, name, restricted(packages));
        Map<String, Node> nodes = linker.link(parsed, sources);
        nodes.putAll(new UnitTestParser(desk, name, packages, nodes, sources).parse(properties.unitTests()));
        Appendix appendix = appendix(properties, parsed, linker, nodes, sources, library, descriptions, renderer);
        linker.refuseUnknownGroups(nodes.values(), appendix.groups().values());
        linker.refuseSharedRelations(nodes.values());
        linker.refuseCycles(nodes, sources.tables());
        List<StreamConfig> streams = StreamFiles.load(
                options.projectDir(),
                packages.get(0).modelPaths(),
                StreamFiles.streamsPath(projectSettings.varsOf(name)),
                problems);
        streams.forEach(stream -> digest(stream.file()));
        desk.tree(name)
                .warnOfUnused(
                        "dbt_project.yml",
                        packages.stream().map(DbtPackage::name).collect(Collectors.toSet()),
                        problems);
        problems.throwIfAny();
        digests.put(
                "vars",
                Checksum.of(Python.json(new TreeMap<>(options.vars()), true).getBytes(StandardCharsets.UTF_8)));
        return new Project(
                name,
                options.projectDir(),
                Checksum.hex(digests),
                target,
                projectSettings,
                nodes,
                new TreeMap<>(sources.tables()),
                streams,
                macros.byId(),
                descriptions.blocks(),
                appendix,
                problems.warnings());
    }

    private Appendix appendix(
            PropertyFiles properties,
            List<Parsed> parsed,
            Linker linker,
            Map<String, Node> nodes,
            SourceTables sources,
            Library library,
            Descriptions descriptions,
            YamlRenderer renderer) {
        List<Parsed> exposures = new ExposureParser(desk, library, descriptions).parse(properties.exposures());
        Map<String, YamlMap> written = new HashMap<>();
        properties.exposures().forEach(entry -> written.put(entry.uniqueId(), entry.map()));
        Map<String, Node> disabled = Linker.disabled(parsed);
        Set<String> off = disabled.values().stream().map(Node::name).collect(Collectors.toSet());
        return new Appendix(
                linker.exposures(exposures, written, nodes, sources, off),
                groups(properties),
                selectors(renderer),
                disabled);
    }

    private Map<String, Group> groups(PropertyFiles properties) {
        Map<String, Group> groups = new TreeMap<>();
        for (PropertyFiles.Entry entry : properties.groups()) {
            Group group = new Group(
                    entry.name(),
                    entry.file().owner().name(),
                    Path.of(entry.shown()),
                    entry.file().path().toString(),
                    entry.map());
            if (entry.name().isEmpty() || !entry.map().containsKey("owner")) {
                problems.error(entry.place(), "a group has a 'name' and an 'owner' with name or email");
            } else if (groups.putIfAbsent(group.uniqueId(), group) != null) {
                problems.error(entry.place(), "group '" + entry.name() + "' exists already");
            }
        }
        return groups;
    }

    private Map<String, YamlMap> selectors(YamlRenderer renderer) {
        Path file = options.projectDir().resolve("selectors.yml");
        Map<String, YamlMap> selectors = new LinkedHashMap<>();
        if (!Files.isRegularFile(file)) {
            return selectors;
        }
        try {
            String text = Files.readString(file);
            digests.put("selectors.yml", Checksum.of(text.getBytes(StandardCharsets.UTF_8)));
            YamlMap map = renderer.render(YamlFile.read("selectors.yml", text, problems));
            for (YamlMap selector : map.maps("selectors", problems)) {
                selectors.put(selector.text("name", ""), selector);
            }
        } catch (IOException e) {
            problems.error("selectors.yml", 0, "cannot be read: " + e);
        }
        Selectors.check(selectors, problems);
        return selectors;
    }

    private static Set<String> restricted(List<DbtPackage> packages) {
        return packages.stream()
                .filter(each -> Boolean.TRUE.equals(each.settings().get("restrict-access")))
                .map(DbtPackage::name)
                .collect(Collectors.toSet());
    }

    private void digest(Path file) {
        try {
            digests.put(
                    file.toString(),
                    Checksum.of(Files.readAllBytes(options.projectDir().resolve(file))));
        } catch (IOException e) {
            problems.error(file.toString(), 0, "cannot be read: " + e);
        }
    }

    // The project's own file

    private @Nullable Target target(YamlMap root) {
        String profile = options.profile();
        if (profile == null) {
            Object named = root.get("profile");
            if (named instanceof String text) {
                YamlRenderer renderer = new YamlRenderer(
                        YamlRenderer.names(options.environment(), options.vars(), null, false), problems);
                named = renderer.text(text, root.valueAt("profile"));
            }
            if (named == null) {
                problems.error("dbt_project.yml", 0, "has no 'profile': name one of profiles.yml");
                return null;
            }
            profile = Python.str(named);
        }
        return new ProfileFile(options, problems).read(profile, root.valueAt("profile"));
    }

    private ProjectSettings settings(List<DbtPackage> packages) {
        DbtPackage root = packages.get(0);
        YamlMap settings = root.settings();
        Map<String, Map<String, @Nullable Object>> vars = new LinkedHashMap<>();
        YamlMap rootVars = rootVars(root);
        for (DbtPackage each : packages) {
            Map<String, @Nullable Object> merged = new LinkedHashMap<>();
            if (!each.name().equals(root.name())) {
                vars(each.settings().map("vars"), each.name(), packages, merged);
            }
            vars(rootVars, each.name(), packages, merged);
            merged.putAll(options.vars());
            vars.put(each.name(), merged);
        }
        List<Hook> start = new ArrayList<>();
        List<Hook> end = new ArrayList<>();
        for (DbtPackage each : packages) {
            start.addAll(hooks(each.settings(), "on-run-start"));
            end.addAll(hooks(each.settings(), "on-run-end"));
        }
        Map<String, List<String>> dispatch = new LinkedHashMap<>();
        for (YamlMap entry : settings.maps("dispatch", problems)) {
            List<String> order =
                    entry.list("search_order").stream().map(Python::str).toList();
            dispatch.put(entry.text("macro_namespace", ""), order);
        }
        Map<String, Boolean> quoting = new LinkedHashMap<>();
        settings.map("quoting").forEach((key, value) -> quoting.put(key, Python.truth(value)));
        String comment = settings.get("query-comment") instanceof YamlMap map
                ? map.text("comment")
                : settings.text("query-comment");
        return new ProjectSettings(
                settings.text("version"),
                Path.of(options.environment().getOrDefault("DBT_TARGET_PATH", settings.text("target-path", "target"))),
                vars,
                start,
                end,
                comment,
                packages.stream().map(DbtPackage::name).toList(),
                dispatch,
                quoting,
                Map.copyOf(options.environment()),
                Invocation.now());
    }

    private List<Hook> hooks(YamlMap settings, String key) {
        List<Hook> hooks = new ArrayList<>();
        List<?> written = ConfigMerge.list(settings.get(key));
        for (int i = 0; i < written.size(); i++) {
            Hook hook = ConfigMerge.hook(String.valueOf(written.get(i)));
            desk.template(settings.itemAt(key, i), hook.sql());
            hooks.add(hook);
        }
        return hooks;
    }

    /** {@code vars:}, or since dbt 1.12 a file of its own. */
    private YamlMap rootVars(DbtPackage root) {
        Path file = root.directory().resolve("vars.yml");
        if (!Files.isRegularFile(file)) {
            return root.settings().map("vars");
        }
        if (root.settings().get("vars") != null) {
            problems.error(root.settings().at("vars"), "'vars' stand here and in vars.yml; keep one");
        }
        try {
            String text = Files.readString(file);
            digests.put("vars.yml", Checksum.of(text.getBytes(StandardCharsets.UTF_8)));
            return YamlFile.read("vars.yml", text, problems).map("vars");
        } catch (IOException e) {
            problems.error("vars.yml", 0, "cannot be read: " + e);
            return root.settings().map("vars");
        }
    }

    private static void vars(
            YamlMap written, String packageName, List<DbtPackage> packages, Map<String, @Nullable Object> merged) {
        written.forEach((key, value) -> {
            boolean scope = value instanceof YamlMap
                    && packages.stream().anyMatch(each -> each.name().equals(key));
            if (!scope) {
                merged.put(key, value);
            }
        });
        merged.putAll(written.map(packageName));
    }

    // Macros, docs and property files

    private List<MacroDefinition> macros(List<DbtPackage> packages) {
        List<SourceFile> files = new ArrayList<>();
        for (DbtPackage each : packages) {
            files.addAll(SourceFile.find(each, each.macroPaths(), problems, ".sql"));
            List<String> generic =
                    each.testPaths().stream().map(path -> path + "/generic").toList();
            files.addAll(SourceFile.find(each, generic, problems, ".sql"));
        }
        List<List<MacroDefinition>> found =
                files.parallelStream().map(this::macrosOf).toList();
        Map<String, MacroDefinition> byId = new LinkedHashMap<>();
        found.forEach(list -> list.forEach(macro -> {
            MacroDefinition twin = byId.putIfAbsent(macro.uniqueId(), macro);
            if (twin != null) {
                problems.error(
                        macro.macro().location(),
                        "macro '" + macro.name() + "' exists already, in "
                                + twin.macro().location());
            }
        }));
        Macros.internal().forEach(macro -> byId.put(macro.uniqueId(), macro));
        return new ArrayList<>(byId.values());
    }

    private List<MacroDefinition> macrosOf(SourceFile file) {
        String text = file.read(problems, digests);
        Template template = text == null ? null : desk.template(new Location(file.shown(), 1, 1), text);
        if (template == null) {
            return List.of();
        }
        List<MacroDefinition> macros = new ArrayList<>();
        for (Macro macro : template.macros()) {
            String owner = file.owner().name();
            macros.add(new MacroDefinition(
                    "macro." + owner + "." + macro.name(), owner, Path.of(file.shown()), macro, ""));
        }
        return macros;
    }

    private void docs(List<DbtPackage> packages, Descriptions descriptions) {
        for (DbtPackage each : packages) {
            for (SourceFile file : SourceFile.find(each, each.docsPaths(), problems, ".md")) {
                String text = file.read(problems, digests);
                if (text != null) {
                    descriptions.addBlocks(file, text);
                }
            }
        }
    }

    private PropertyFiles properties(List<DbtPackage> packages, YamlRenderer renderer) {
        List<SourceFile> files = new ArrayList<>();
        packages.forEach(each -> files.addAll(SourceFile.find(each, each.allPaths(), problems, ".yml", ".yaml")));
        PropertyFiles properties = new PropertyFiles(problems);
        List<@Nullable YamlMap> maps = files.parallelStream()
                .map(file -> {
                    String text = file.read(problems, digests);
                    return text == null ? null : properties(file, text);
                })
                .collect(Collectors.toCollection(ArrayList::new));
        for (int i = 0; i < files.size(); i++) {
            YamlMap map = maps.get(i);
            if (map != null) {
                properties.add(files.get(i), map, renderer);
            }
        }
        return properties;
    }

    private YamlMap properties(SourceFile file, String text) {
        Problems own = new Problems();
        YamlMap map = YamlFile.read(file.shown(), text, own);
        if (!own.none()) {
            desk.brokenProperties = true;
        }
        problems.addAll(own);
        return map;
    }

    private void warnOfStrayProperties(PropertyFiles properties, List<Parsed> parsed) {
        Map<String, Set<String>> names = new HashMap<>();
        Set<String> ids = new HashSet<>();
        parsed.forEach(each -> {
            names.computeIfAbsent(each.kind(), kind -> new TreeSet<>())
                    .add(each.definition().name());
            ids.add(each.definition().uniqueId());
        });
        for (PropertyFiles.Entry entry : properties.all()) {
            Set<String> known = names.getOrDefault(entry.kind(), Set.of());
            if (entry.version() != null && !ids.contains(entry.uniqueId())) {
                problems.warn(
                        entry.place(),
                        "version " + entry.version().number() + " of model '" + entry.name()
                                + "' has no file: it is looked for in " + entry.name() + "_"
                                + entry.version().suffix() + ".sql, or where 'defined_in' says");
            } else if (!known.contains(entry.name())) {
                problems.warn(
                        entry.place(),
                        "describes a " + entry.kind() + " '" + entry.name() + "' that does not exist"
                                + Problems.nearest(entry.name(), known));
            }
        }
    }

    // Nodes

}
