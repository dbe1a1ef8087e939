package dev.landfall.template;

import dev.landfall.graph.CyclicGraphException;
import dev.landfall.graph.ModelGraph;
import dev.landfall.jinja.Block;
import dev.landfall.jinja.JinjaException;
import dev.landfall.jinja.Limits;
import dev.landfall.jinja.Location;
import dev.landfall.jinja.Macro;
import dev.landfall.jinja.Python;
import dev.landfall.jinja.Template;
import dev.landfall.project.Analysis;
import dev.landfall.project.DataTest;
import dev.landfall.project.Definition;
import dev.landfall.project.Dependencies;
import dev.landfall.project.Dependencies.Ref;
import dev.landfall.project.Dependencies.SourceRef;
import dev.landfall.project.Hook;
import dev.landfall.project.InvalidProjectException;
import dev.landfall.project.MacroDefinition;
import dev.landfall.project.Model;
import dev.landfall.project.ModelConfig;
import dev.landfall.project.Node;
import dev.landfall.project.Problems;
import dev.landfall.project.Project;
import dev.landfall.project.ProjectSettings;
import dev.landfall.project.Relation;
import dev.landfall.project.Seed;
import dev.landfall.project.Snapshot;
import dev.landfall.project.SourceTable;
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
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One loading of a project, step after step; every step goes on past mistakes, so that all are told together. */
final class Loading {
    private final ProjectOptions options;
    private final Problems problems = new Problems();
    private final Map<String, byte[]> digests = new ConcurrentHashMap<>();
    private final Map<String, ConfigTree> trees = new HashMap<>();

    /** A node whose dependencies are names yet. */
    private record Parsed(
            Definition definition,
            String kind,
            ModelConfig config,
            Relation relation,
            Draft draft,
            GenericTests.@Nullable Written test,
            @Nullable Path csv) {}

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
        packages.forEach(each -> trees.put(each.name(), new ConfigTree(each.settings())));
        ProjectSettings projectSettings = settings(packages);
        String name = packages.get(0).name();
        Macros macros = new Macros(name, macros(packages));
        Library library = new Library(name, target, projectSettings, macros);

        Map<String, @Nullable Object> yamlNames =
                YamlRenderer.names(options.environment(), projectSettings.varsOf(name), library.targetMap(), false);
        YamlRenderer renderer = new YamlRenderer(yamlNames, problems);
        Descriptions descriptions = new Descriptions(name, yamlNames, problems);
        docs(packages, descriptions);
        PropertyFiles properties = properties(packages, renderer);

        List<Parsed> parsed = new ArrayList<>(new NodeParser(library, properties, descriptions).parse(packages));
        SourceTables sources = new SourceTables(target, name, trees, descriptions, problems);
        properties.sources().forEach(sources::add);
        parsed.addAll(genericTests(library, properties, sources, renderer, parsed));
        warnOfStrayProperties(properties, parsed);

        Map<String, Node> nodes = resolve(library, parsed, sources);
        refuseSharedRelations(nodes.values());
        refuseCycles(nodes, sources.tables());
        List<StreamConfig> streams = StreamFiles.load(
                options.projectDir(),
                packages.get(0).modelPaths(),
                StreamFiles.streamsPath(projectSettings.varsOf(name)),
                problems);
        streams.forEach(stream -> digest(stream.file()));
        tree(name)
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
                problems.warnings());
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
                named = renderer.text(text, "dbt_project.yml", root.line("profile"));
            }
            if (named == null) {
                problems.error("dbt_project.yml", 0, "has no 'profile': name one of profiles.yml");
                return null;
            }
            profile = Python.str(named);
        }
        return new ProfileFile(options, problems).read(profile, "dbt_project.yml", root.line("profile"));
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
            ConfigMerge.list(each.settings().get("on-run-start"))
                    .forEach(hook -> start.add(ConfigMerge.hook(String.valueOf(hook))));
            ConfigMerge.list(each.settings().get("on-run-end"))
                    .forEach(hook -> end.add(ConfigMerge.hook(String.valueOf(hook))));
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
                Map.copyOf(options.environment()));
    }

    /** {@code vars:}, or since dbt 1.12 a file of its own. */
    private YamlMap rootVars(DbtPackage root) {
        Path file = root.directory().resolve("vars.yml");
        if (!Files.isRegularFile(file)) {
            return root.settings().map("vars");
        }
        if (root.settings().get("vars") != null) {
            problems.error(
                    "dbt_project.yml", root.settings().line("vars"), "'vars' stand here and in vars.yml; keep one");
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
                        macro.file().toString(),
                        macro.macro().line(),
                        "macro '" + macro.name() + "' exists already, in " + twin.file() + ":"
                                + twin.macro().line());
            }
        }));
        Macros.internal().forEach(macro -> byId.put(macro.uniqueId(), macro));
        return new ArrayList<>(byId.values());
    }

    private List<MacroDefinition> macrosOf(SourceFile file) {
        String text = file.read(problems, digests);
        Template template = text == null ? null : template(file.shown(), 1, text);
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

    /** Null when it is no template; then that is told. */
    private @Nullable Template template(String shown, int firstLine, String text) {
        try {
            return Template.parse(shown, firstLine, text, Limits.DEFAULT);
        } catch (JinjaException e) {
            tell(e, shown, firstLine);
            return null;
        }
    }

    private void tell(JinjaException e, String file, int line) {
        if (e.location() == null) {
            problems.error(file, line, e.problem());
        } else {
            String through = e.file().equals(file) ? "" : " (while parsing " + file + ")";
            problems.error(e.file(), e.line(), e.problem() + through);
        }
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
                    return text == null ? null : PropertyFiles.parse(file, text, problems);
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

    private void warnOfStrayProperties(PropertyFiles properties, List<Parsed> parsed) {
        Map<String, Set<String>> names = new HashMap<>();
        parsed.forEach(each -> names.computeIfAbsent(each.kind(), kind -> new TreeSet<>())
                .add(each.definition().name()));
        for (PropertyFiles.Entry entry : properties.all()) {
            Set<String> known = names.getOrDefault(entry.kind(), Set.of());
            if (!known.contains(entry.name())) {
                problems.warn(
                        entry.shown(),
                        entry.line(),
                        "describes a " + entry.kind() + " '" + entry.name() + "' that does not exist"
                                + Problems.nearest(entry.name(), known));
            }
        }
    }

    // Nodes

    /** The parse pass over everything that has a text. */
    private final class NodeParser {
        private final Library library;
        private final PropertyFiles properties;
        private final Descriptions descriptions;
        private final Naming naming;

        NodeParser(Library library, PropertyFiles properties, Descriptions descriptions) {
            this.library = library;
            this.properties = properties;
            this.descriptions = descriptions;
            this.naming = new Naming(library);
        }

        /** In the order of their unique ids. */
        Collection<Parsed> parse(List<DbtPackage> packages) {
            List<SourceFile> models = new ArrayList<>();
            List<SourceFile> others = new ArrayList<>();
            Map<SourceFile, String> kinds = new HashMap<>();
            for (DbtPackage each : packages) {
                models.addAll(SourceFile.find(each, each.modelPaths(), problems, ".sql"));
                refusePython(each);
                add(others, kinds, "analysis", SourceFile.find(each, each.analysisPaths(), problems, ".sql"));
                add(others, kinds, "snapshot", SourceFile.find(each, each.snapshotPaths(), problems, ".sql"));
                add(others, kinds, "seed", SourceFile.find(each, each.seedPaths(), problems, ".csv"));
                List<SourceFile> tests = SourceFile.find(each, each.testPaths(), problems, ".sql");
                tests.removeIf(file -> file.path().startsWith("generic"));
                add(others, kinds, "test", tests);
            }
            List<SourceFile> all = new ArrayList<>(models);
            all.addAll(others);
            List<List<Parsed>> parsed = all.parallelStream()
                    .map(file -> parse(file, kinds.getOrDefault(file, "model")))
                    .toList();
            Map<String, Parsed> byId = new TreeMap<>();
            parsed.forEach(list -> list.forEach(each -> add(byId, each)));
            properties.snapshotsOfYaml().forEach(entry -> {
                Parsed snapshot = snapshotOf(entry);
                if (snapshot != null) {
                    add(byId, snapshot);
                }
            });
            return byId.values();
        }

        private void add(List<SourceFile> files, Map<SourceFile, String> kinds, String kind, List<SourceFile> found) {
            found.forEach(file -> kinds.put(file, kind));
            files.addAll(found);
        }

        private void add(Map<String, Parsed> byId, Parsed parsed) {
            Parsed twin = byId.putIfAbsent(parsed.definition().uniqueId(), parsed);
            if (twin != null) {
                problems.error(
                        parsed.definition().file().toString(),
                        parsed.definition().line(),
                        parsed.kind() + " '" + parsed.definition().name() + "' exists already: "
                                + twin.definition().file() + "; names are unique within a package");
            }
        }

        private void refusePython(DbtPackage owner) {
            for (SourceFile file : SourceFile.find(owner, owner.modelPaths(), problems, ".py")) {
                problems.error(
                        file.shown(),
                        0,
                        "Python models are not supported; write it in SQL, or move it out of " + file.folder() + "/");
            }
        }

        private List<Parsed> parse(SourceFile file, String kind) {
            if (kind.equals("seed")) {
                Parsed seed = seed(file);
                return seed == null ? List.of() : List.of(seed);
            }
            String text = file.read(problems, digests);
            if (text == null) {
                return List.of();
            }
            if (kind.equals("snapshot")) {
                return snapshots(file, text);
            }
            int firstLine = 1
                    + (int) text.chars()
                            .takeWhile(Character::isWhitespace)
                            .filter(c -> c == '\n')
                            .count();
            String raw = text.strip();
            Template template = template(file.shown(), firstLine, raw);
            if (template == null) {
                return List.of();
            }
            List<String> fqn = fqn(file, kind);
            String name = file.name();
            Parsed parsed = parse(
                    file,
                    kind,
                    name,
                    fqn,
                    1,
                    raw,
                    Checksum.ofText(text),
                    template,
                    (kind.equals("analysis") ? "analysis/" : "") + file.path());
            return parsed == null ? List.of() : List.of(parsed);
        }

        private List<String> fqn(SourceFile file, String kind) {
            List<String> fqn = new ArrayList<>();
            fqn.add(file.owner().name());
            if (kind.equals("analysis")) {
                fqn.add("analysis");
            }
            fqn.addAll(file.folders());
            if (kind.equals("snapshot")) {
                fqn.add(file.name());
            }
            return fqn;
        }

        private @Nullable Parsed parse(
                SourceFile file,
                String kind,
                String name,
                List<String> folders,
                int line,
                String raw,
                String checksum,
                Template template,
                String path) {
            List<String> fqn = new ArrayList<>(folders);
            fqn.add(name);
            PropertyFiles.Entry entry = properties.of(file.owner().name(), kind, name);
            Definition definition = definition(file, kind, name, fqn, line, raw, checksum, template, path, entry);
            Draft draft = new Draft();
            Subject subject = subject(definition, kind);
            try {
                Rendering.parsing(library, subject, draft).render(template);
            } catch (JinjaException e) {
                tell(e, file.shown(), line);
                return null;
            }
            return finish(definition, kind, draft, entry, null);
        }

        /** Configuration, hooks and names, once the text was rendered. */
        private @Nullable Parsed finish(
                Definition definition,
                String kind,
                Draft draft,
                PropertyFiles.@Nullable Entry entry,
                @Nullable Path csv) {
            ModelConfig config = config(definition, kind, draft, entry);
            if (!config.enabled()) {
                return new Parsed(definition, kind, config, standIn(definition), draft, null, csv);
            }
            try {
                hooks(definition, kind, config, draft);
                Relation relation = naming.relation(definition, kind, config);
                return new Parsed(definition, kind, config, relation, draft, null, csv);
            } catch (JinjaException e) {
                tell(e, definition.file().toString(), definition.line());
                return null;
            }
        }

        private Definition definition(
                SourceFile file,
                String kind,
                String name,
                List<String> fqn,
                int line,
                String raw,
                String checksum,
                @Nullable Template template,
                String path,
                PropertyFiles.@Nullable Entry entry) {
            String owner = file.owner().name();
            return new Definition(
                    kind + "." + owner + "." + name,
                    name,
                    owner,
                    Path.of(file.shown()),
                    file.packagePath().toString(),
                    path,
                    line,
                    List.copyOf(fqn),
                    raw,
                    template,
                    checksum,
                    entry == null ? "" : descriptions.of(entry.map(), owner),
                    entry == null ? Map.of() : descriptions.columns(entry.map(), owner),
                    entry == null ? null : Path.of(entry.shown()));
        }

        private Subject subject(Definition definition, String kind) {
            return new Subject(
                    definition.uniqueId(),
                    definition.name(),
                    definition.packageName(),
                    kind,
                    RelationValue.of(standIn(definition), null, library.quoting),
                    ModelConfig.EMPTY,
                    null,
                    () -> new NodeMaps(library)
                            .of(
                                    definition,
                                    kind,
                                    new ModelConfig(ConfigMerge.defaults(kind)),
                                    standIn(definition),
                                    Dependencies.NONE));
        }

        private Relation standIn(Definition definition) {
            return new Relation(library.target.database(), library.target.schema(), definition.name());
        }

        private ModelConfig config(
                Definition definition, String kind, Draft draft, PropertyFiles.@Nullable Entry entry) {
            Map<String, @Nullable Object> values = ConfigMerge.defaults(kind);
            tree(definition.packageName()).apply(values, kind, definition.fqn());
            if (entry != null) {
                YamlMap own = entry.map();
                if (own.get("meta") instanceof Map<?, ?> meta) {
                    ConfigMerge.apply(values, Map.of("meta", meta));
                }
                for (String key : List.of("docs", "access", "group", "latest_version")) {
                    Object value = own.get(key);
                    if (value != null) {
                        ConfigMerge.apply(values, Map.of(key, value));
                    }
                }
                ConfigMerge.apply(values, own.map("config"));
            }
            ConfigMerge.apply(values, draft.config);
            if (!definition.packageName().equals(library.name)) {
                tree(library.name).apply(values, kind, definition.fqn());
            }
            List<String> tags = new ArrayList<>(new LinkedHashSet<>(new ModelConfig(values).tags()));
            values.put("tags", tags);
            return new ModelConfig(values);
        }

        /** What hooks refer to, the node depends on as well. */
        private void hooks(Definition definition, String kind, ModelConfig config, Draft draft) {
            List<Hook> hooks = new ArrayList<>(config.preHooks());
            hooks.addAll(config.postHooks());
            for (Hook hook : hooks) {
                if (Library.isTemplate(hook.sql())) {
                    Rendering.parsing(library, subject(definition, kind), draft)
                            .render(library.text(definition.file().toString(), hook.sql()));
                }
            }
        }

        private @Nullable Parsed seed(SourceFile file) {
            byte[] bytes;
            try {
                bytes = Files.readAllBytes(file.absolute());
            } catch (IOException e) {
                problems.error(file.shown(), 0, "cannot be read: " + e);
                return null;
            }
            digests.put(file.shown(), Checksum.of(bytes));
            String text = new String(bytes, StandardCharsets.UTF_8)
                    .replace("\r\n", "\n")
                    .strip();
            List<String> fqn = fqn(file, "seed");
            fqn.add(file.name());
            PropertyFiles.Entry entry = properties.of(file.owner().name(), "seed", file.name());
            Definition definition = definition(
                    file,
                    "seed",
                    file.name(),
                    fqn,
                    1,
                    "",
                    Checksum.hex(text),
                    null,
                    file.path().toString(),
                    entry);
            return finish(definition, "seed", new Draft(), entry, file.absolute());
        }

        private List<Parsed> snapshots(SourceFile file, String text) {
            Template template = template(file.shown(), 1, text);
            if (template == null) {
                return List.of();
            }
            List<Parsed> snapshots = new ArrayList<>();
            for (Block block : template.snapshots()) {
                Parsed parsed = parse(
                        file,
                        "snapshot",
                        block.name(),
                        fqn(file, "snapshot"),
                        block.location().line(),
                        block.source(),
                        Checksum.ofText(text),
                        block.template(),
                        file.path().toString());
                if (parsed != null) {
                    snapshots.add(parsed);
                }
            }
            return snapshots;
        }

        private @Nullable Parsed snapshotOf(PropertyFiles.Entry entry) {
            String relation = entry.map().text("relation", "");
            String raw = "select * from {{ " + relation + " }}";
            Template template = template(entry.shown(), entry.map().line("relation"), raw);
            return template == null
                    ? null
                    : parse(
                            entry.file(),
                            "snapshot",
                            entry.name(),
                            fqn(entry.file(), "analysis_of_yaml"),
                            entry.line(),
                            raw,
                            Checksum.ofText(raw),
                            template,
                            entry.file()
                                    .path()
                                    .resolveSibling(entry.name() + ".sql")
                                    .toString());
        }
    }

    private ConfigTree tree(String packageName) {
        return Objects.requireNonNull(trees.get(packageName));
    }

    // Generic tests

    private List<Parsed> genericTests(
            Library library,
            PropertyFiles properties,
            SourceTables sources,
            YamlRenderer renderer,
            List<Parsed> parsed) {
        GenericTests reader = new GenericTests(renderer, problems);
        Map<String, Parsed> targets = new HashMap<>();
        parsed.forEach(each -> targets.put(each.definition().uniqueId(), each));
        List<TestOf> written = new ArrayList<>();
        for (PropertyFiles.Entry entry : properties.all()) {
            String owner = entry.file().owner().name();
            Parsed target = targets.get(entry.kind() + "." + owner + "." + entry.name());
            if (target != null && target.config().enabled() && !entry.kind().equals("test")) {
                String ref = "ref('" + entry.name() + "')";
                for (GenericTests.Written test : reader.read(
                        entry.file(),
                        entry.map(),
                        ref,
                        "",
                        entry.name(),
                        entry.section() + "." + entry.name(),
                        List.of())) {
                    written.add(new TestOf(test, target.definition().uniqueId()));
                }
            }
        }
        for (PropertyFiles.Entry entry : properties.sources()) {
            String owner = entry.file().owner().name();
            for (YamlMap table : entry.map().maps("tables", problems)) {
                String tableName = table.text("name", "");
                String id = "source." + owner + "." + entry.name() + "." + tableName;
                if (sources.tables().containsKey(id)) {
                    String source = "source('" + entry.name() + "', '" + tableName + "')";
                    List<String> tags =
                            Objects.requireNonNull(sources.tables().get(id)).tags();
                    for (GenericTests.Written test : reader.read(
                            entry.file(),
                            table,
                            source,
                            "source_",
                            entry.name() + "_" + tableName,
                            "sources." + entry.name(),
                            tags)) {
                        written.add(new TestOf(test, id));
                    }
                }
            }
        }
        Map<String, Parsed> byId = new TreeMap<>();
        List<@Nullable Parsed> tests = written.parallelStream()
                .map(test -> parse(library, test))
                .collect(Collectors.toCollection(ArrayList::new));
        for (Parsed test : tests) {
            if (test != null) {
                Parsed twin = byId.putIfAbsent(test.definition().uniqueId(), test);
                if (twin != null && test.test() != null) {
                    problems.error(
                            test.test().file().shown(),
                            test.test().line(),
                            "test '" + test.definition().name()
                                    + "' stands twice with the same arguments; give one of them a 'name'");
                }
            }
        }
        return new ArrayList<>(byId.values());
    }

    private record TestOf(GenericTests.Written test, String attachedTo) {}

    private @Nullable Parsed parse(Library library, TestOf testOf) {
        GenericTests.Written test = testOf.test();
        String owner = test.file().owner().name();
        MacroDefinition macro = test.namespace() == null
                ? library.macros.find(owner, test.macro())
                : library.macros.in(test.namespace(), test.macro());
        if (macro == null) {
            Set<String> known = new TreeSet<>();
            for (String each : List.of(owner, library.name, Macros.INTERNAL)) {
                library.macros
                        .names(test.namespace() == null ? each : test.namespace())
                        .forEach(name -> {
                            if (name.startsWith("test_")) {
                                known.add(name.substring("test_".length()));
                            }
                        });
            }
            String packageHint =
                    test.namespace() != null && !library.settings.packages().contains(test.namespace())
                            ? "; there is no package '" + test.namespace() + "'"
                            : "";
            problems.error(
                    test.file().shown(),
                    test.line(),
                    "unknown test '"
                            + (test.namespace() == null ? "" : test.namespace() + ".") + test.test() + "'"
                            + packageHint + Problems.nearest(test.test(), known));
            return null;
        }
        List<String> fqn = new ArrayList<>();
        fqn.add(owner);
        fqn.addAll(test.file().folders());
        fqn.add(test.name());
        String call = (test.namespace() == null ? "" : test.namespace() + ".") + test.macro();
        Definition definition = new Definition(
                "test." + owner + "." + test.name() + "." + test.hash(),
                test.name(),
                owner,
                Path.of(test.file().shown()),
                test.file().packagePath().toString(),
                test.shortName() + ".sql",
                test.line(),
                fqn,
                "{{ " + call + "(**_dbt_generic_test_kwargs) }}" + configCall(test.config()),
                null,
                "",
                test.description(),
                Map.of(),
                null);
        Draft draft = new Draft();
        Map<String, @Nullable Object> values = ConfigMerge.defaults("test");
        tree(owner).apply(values, "test", fqn);
        Subject subject = new Subject(
                definition.uniqueId(),
                definition.name(),
                owner,
                "test",
                null,
                new ModelConfig(values),
                null,
                () -> new NodeMaps(library).of(definition, "test", new ModelConfig(values), null, Dependencies.NONE));
        draft.macros.add(macro.uniqueId());
        try {
            Rendering rendering = Rendering.parsing(library, subject, draft);
            Map<String, @Nullable Object> arguments = GenericTests.rendered(
                    test.arguments(), rendering, test.file().shown(), test.line());
            rendering.bind(macro).call(new dev.landfall.jinja.Arguments(List.of(), arguments));
        } catch (JinjaException e) {
            tell(e, test.file().shown(), test.line());
            return null;
        }
        ConfigMerge.apply(values, draft.config);
        ConfigMerge.apply(values, test.config());
        if (!owner.equals(library.name)) {
            tree(library.name).apply(values, "test", fqn);
        }
        storing(values);
        ModelConfig config = new ModelConfig(values);
        try {
            Relation relation = new Naming(library).relation(definition, "test", config);
            return new Parsed(definition, "test", config, relation, draft, test, Path.of(testOf.attachedTo()));
        } catch (JinjaException e) {
            tell(e, test.file().shown(), test.line());
            return null;
        }
    }

    private static void storing(Map<String, @Nullable Object> values) {
        Object as = values.get("store_failures_as");
        if (as != null) {
            values.put("store_failures", !as.equals("ephemeral"));
        } else if (values.get("store_failures") instanceof Boolean stores) {
            values.put("store_failures_as", stores ? "table" : "ephemeral");
        }
    }

    private static String configCall(Map<String, @Nullable Object> config) {
        if (config.isEmpty()) {
            return "";
        }
        return config.entrySet().stream()
                .map(entry -> entry.getKey() + "="
                        + (entry.getValue() instanceof String text
                                ? '"' + text.replace("\"", "\\\"") + '"'
                                : Python.str(entry.getValue())))
                .collect(Collectors.joining(",", "{{ config(", ") }}"));
    }

    // Names become edges

    private Map<String, Node> resolve(Library library, List<Parsed> parsed, SourceTables sources) {
        Map<String, Node> nodes = new TreeMap<>();
        Set<String> disabled = new TreeSet<>();
        for (Parsed each : parsed) {
            if (each.config().enabled()) {
                nodes.put(each.definition().uniqueId(), node(each, Dependencies.NONE));
            } else {
                disabled.add(each.definition().name());
            }
        }
        References references =
                new References(library.name, nodes.values(), sources.tables().values());
        for (Parsed each : parsed) {
            if (each.config().enabled()) {
                Dependencies dependencies = dependencies(each, references, disabled, sources.disabled());
                if (dependencies == null) {
                    nodes.remove(each.definition().uniqueId());
                } else {
                    nodes.put(each.definition().uniqueId(), node(each, dependencies));
                }
            }
        }
        return nodes;
    }

    private static Node node(Parsed parsed, Dependencies dependencies) {
        Definition definition = parsed.definition();
        ModelConfig config = parsed.config();
        return switch (parsed.kind()) {
            case "seed" -> new Seed(definition, config, parsed.relation(), Objects.requireNonNull(parsed.csv()));
            case "snapshot" -> new Snapshot(definition, config, parsed.relation(), dependencies);
            case "analysis" -> new Analysis(definition, config, parsed.relation(), dependencies);
            case "test" -> new DataTest(definition, config, parsed.relation(), dependencies, generic(parsed));
            default -> new Model(definition, config, parsed.relation(), dependencies);
        };
    }

    private static DataTest.@Nullable Generic generic(Parsed parsed) {
        GenericTests.Written test = parsed.test();
        return test == null
                ? null
                : new DataTest.Generic(
                        test.test(),
                        test.namespace(),
                        test.arguments(),
                        String.valueOf(parsed.csv()),
                        test.column(),
                        test.fileKey());
    }

    /** Null when a test checks what is switched off or does not exist: then it is left out, as in dbt. */
    private @Nullable Dependencies dependencies(
            Parsed parsed, References references, Set<String> disabled, Set<String> disabledSources) {
        Set<String> ids = new LinkedHashSet<>();
        Draft draft = parsed.draft();
        String from = parsed.definition().packageName();
        boolean whole = true;
        for (SourceRef source : draft.sources) {
            SourceTable table = references.source(source.source(), source.table(), from);
            if (table != null) {
                ids.add(table.uniqueId());
            } else {
                String named = source.source() + "." + source.table();
                whole = false;
                missing(
                        parsed,
                        draft.places.get(source),
                        disabledSources.contains(named),
                        "source",
                        named,
                        references.sourceNames());
            }
        }
        for (Ref ref : draft.refs) {
            Node node = references.node(Rendering.named(ref), ref.packageName(), from);
            if (node != null) {
                ids.add(node.uniqueId());
            } else {
                whole = false;
                missing(
                        parsed,
                        draft.places.get(ref),
                        disabled.contains(ref.name()),
                        "ref",
                        ref.name(),
                        references.nodeNames());
            }
        }
        if (!whole && parsed.kind().equals("test")) {
            return null;
        }
        return new Dependencies(
                List.copyOf(ids), List.copyOf(draft.macros), List.copyOf(draft.refs), List.copyOf(draft.sources));
    }

    private void missing(
            Parsed parsed, @Nullable Location place, boolean disabled, String what, String name, Set<String> known) {
        String file = place == null ? parsed.definition().file().toString() : place.file();
        int line = place == null ? parsed.definition().line() : place.line();
        String message = disabled
                ? what + " '" + name + "' is switched off (enabled: false), but "
                        + parsed.definition().uniqueId() + " reads it"
                : "unknown " + what + " '" + name + "'" + Problems.nearest(name, known);
        if (parsed.kind().equals("test")) {
            problems.warn(file, line, message + "; test '" + parsed.definition().name() + "' is left out");
        } else {
            problems.error(file, line, message);
        }
    }

    private void refuseSharedRelations(Collection<Node> nodes) {
        Map<String, Node> byName = new HashMap<>();
        for (Node node : nodes) {
            Relation relation = node instanceof DataTest ? null : NodeMaps.relation(node);
            if (relation == null || node.config().materialized().equals("ephemeral")) {
                continue;
            }
            Node twin = byName.putIfAbsent(relation.sql().toLowerCase(Locale.ROOT), node);
            if (twin != null) {
                problems.error(
                        node.file().toString(),
                        node.definition().line(),
                        node.uniqueId() + " and " + twin.uniqueId()
                                + " (" + twin.file() + ") would both be " + relation
                                + "; give one of them another alias or schema");
            }
        }
    }

    private void refuseCycles(Map<String, Node> nodes, Map<String, SourceTable> sources) {
        Map<String, List<String>> parents = new HashMap<>();
        sources.keySet().forEach(id -> parents.put(id, List.of()));
        nodes.forEach((id, node) -> parents.put(id, node.dependsOn()));
        try {
            ModelGraph.of(parents);
        } catch (CyclicGraphException e) {
            Function<String, String> shown = id -> {
                Node node = nodes.get(id);
                return node == null ? id : node.name() + " (" + node.file() + ")";
            };
            Node first = Objects.requireNonNull(nodes.get(e.path().get(0)));
            problems.error(
                    first.file().toString(),
                    first.definition().line(),
                    "cycle: "
                            + e.path().stream().map(shown).collect(Collectors.joining(" → "))
                            + "; one of these refs must go");
        }
    }
}
