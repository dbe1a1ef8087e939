package dev.landfall.template;

import dev.landfall.jinja.Block;
import dev.landfall.jinja.JinjaException;
import dev.landfall.jinja.Limits;
import dev.landfall.jinja.Location;
import dev.landfall.jinja.Template;
import dev.landfall.project.Definition;
import dev.landfall.project.Dependencies;
import dev.landfall.project.ModelConfig;
import dev.landfall.project.Problems;
import dev.landfall.project.Relation;
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
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The parse pass over everything that has a text. */
final class NodeParser {
    private final Desk desk;
    private final Problems problems;
    private final Library library;
    private final PropertyFiles properties;
    private final Descriptions descriptions;
    private final Naming naming;
    private final ConfigChecks checks;

    NodeParser(Desk desk, Library library, PropertyFiles properties, Descriptions descriptions) {
        this.desk = desk;
        this.problems = desk.problems;
        this.library = library;
        this.properties = properties;
        this.descriptions = descriptions;
        this.naming = new Naming(library);
        this.checks = new ConfigChecks(desk, library);
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
        if (parsed.definition().name().contains(" ")) {
            problems.error(
                    parsed.definition().place(),
                    "the name '" + parsed.definition().name() + "' holds a space; names in dbt do not");
        }
        Parsed twin = byId.putIfAbsent(parsed.definition().uniqueId(), parsed);
        if (twin != null) {
            problems.error(
                    parsed.definition().place(),
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
        String text = file.read(problems, desk.digests);
        if (text == null) {
            return List.of();
        }
        if (kind.equals("snapshot")) {
            return snapshots(file, text);
        }
        String raw = text.strip();
        Template template = desk.template(start(file.shown(), text), raw);
        if (template == null) {
            broken(file, kind);
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

    /** Where the text begins after the white space that is stripped from it. */
    private static Location start(String file, String text) {
        int first = text.length() - text.stripLeading().length();
        int line = 1
                + (int) text.substring(0, first).chars().filter(c -> c == '\n').count();
        return new Location(file, line, first - text.lastIndexOf('\n', first - 1));
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
        PropertyFiles.Entry entry = properties.of(file.owner().name(), kind, name);
        List<String> fqn = new ArrayList<>(folders);
        fqn.add(entry == null ? name : entry.name());
        if (entry != null && entry.version() != null) {
            fqn.add(entry.version().suffix());
        }
        Definition definition = definition(file, kind, name, fqn, line, raw, checksum, template, path, entry);
        Draft draft = new Draft();
        Subject subject = subject(definition, kind);
        try {
            Rendering.parsing(library, subject, draft).render(template);
        } catch (JinjaException e) {
            desk.tell(e, definition.place());
            broken(file, kind);
            desk.broken.add(name);
            return null;
        }
        return finish(definition, kind, draft, entry, null);
    }

    private void broken(SourceFile file, String kind) {
        PropertyFiles.Entry entry = properties.of(file.owner().name(), kind, file.name());
        desk.broken.add(entry == null ? file.name() : entry.name());
    }

    /** Configuration, hooks and names, once the text was rendered. */
    private @Nullable Parsed finish(
            Definition definition, String kind, Draft draft, PropertyFiles.@Nullable Entry entry, @Nullable Path csv) {
        ModelConfig config = config(definition, kind, draft, entry);
        Function<String, Location> places = key -> place(definition, kind, draft, entry, key);
        checks.check(definition, kind, config, places);
        draft.doubts.forEach(problems::warn);
        if (!config.enabled()) {
            return new Parsed(definition, kind, config, standIn(definition), draft, null, csv);
        }
        try {
            hooks(definition, kind, config, draft, places);
            Relation relation = naming.relation(definition, kind, config);
            return new Parsed(definition, kind, config, relation, draft, null, csv);
        } catch (JinjaException e) {
            desk.tell(e, definition.place());
            desk.broken.add(definition.name());
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
                entry == null ? kind + "." + owner + "." + name : entry.uniqueId(),
                entry == null ? name : entry.name(),
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
                entry == null ? null : Path.of(entry.shown()),
                entry == null ? null : entry.version());
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

    private ModelConfig config(Definition definition, String kind, Draft draft, PropertyFiles.@Nullable Entry entry) {
        Map<String, @Nullable Object> values = ConfigMerge.defaults(kind);
        Map<String, @Nullable Object> written = new LinkedHashMap<>();
        desk.tree(definition.packageName()).apply(values, kind, definition.fqn());
        desk.tree(definition.packageName()).put(written, kind, definition.fqn());
        if (entry != null) {
            YamlMap own = entry.map();
            // A list stands there twice: dbt lays what is written over what was rendered, and lists are appended.
            own.map("config")
                    .forEach((key, value) -> written.put(key, value instanceof List<?> list ? twice(list) : value));
            if (own.get("meta") instanceof Map<?, ?> meta) {
                ConfigMerge.apply(values, Map.of("meta", meta));
                written.put("meta", meta);
            }
            for (String key : List.of("docs", "access", "group", "constraints")) {
                Object value = own.get(key);
                if (value != null) {
                    ConfigMerge.apply(values, Map.of(key, value));
                    if (!key.equals("constraints")) {
                        written.put(key, value);
                    }
                }
            }
            ConfigMerge.apply(values, own.map("config"));
        }
        ConfigMerge.apply(values, draft.config);
        written.putAll(ConfigAsWritten.of(definition, kind, draft.config));
        if (!definition.packageName().equals(library.name)) {
            desk.tree(library.name).apply(values, kind, definition.fqn());
            desk.tree(library.name).put(written, kind, definition.fqn());
        }
        List<String> tags = new ArrayList<>(new LinkedHashSet<>(new ModelConfig(values).tags()));
        values.put("tags", tags);
        return new ModelConfig(values, written);
    }

    /** Where a key of the merged configuration was set; where the node begins when nobody set it. */
    private Location place(
            Definition definition, String kind, Draft draft, PropertyFiles.@Nullable Entry entry, String key) {
        Location called = draft.configPlaces.get(key);
        if (called != null) {
            return called;
        }
        if (entry != null) {
            for (YamlMap home : List.of(entry.map().map("config"), entry.map())) {
                for (String written : home.keySet()) {
                    if (ConfigMerge.key(written).equals(key) && !key.equals("description")) {
                        return home.valueAt(written);
                    }
                }
            }
        }
        for (String owner : List.of(library.name, definition.packageName())) {
            Location place = desk.tree(owner).place(kind, definition.fqn(), key);
            if (place != null) {
                return place;
            }
        }
        return definition.place();
    }

    private static List<@Nullable Object> twice(List<?> list) {
        List<@Nullable Object> both = new ArrayList<>(list);
        both.addAll(list);
        return both;
    }

    /** What hooks refer to, the node depends on as well. */
    private void hooks(
            Definition definition, String kind, ModelConfig config, Draft draft, Function<String, Location> places) {
        config.preHooks().forEach(hook -> render(definition, kind, draft, hook.sql(), places.apply("pre-hook")));
        config.postHooks().forEach(hook -> render(definition, kind, draft, hook.sql(), places.apply("post-hook")));
        references(definition, config)
                .forEach(text -> render(definition, kind, draft, text, places.apply("constraints")));
    }

    /** A text of the configuration: what is found in it is told where the configuration stands. */
    private void render(Definition definition, String kind, Draft draft, String text, Location place) {
        if (!Library.isTemplate(text)) {
            return;
        }
        Set<Object> known = Set.copyOf(draft.places.keySet());
        try {
            Rendering.parsing(library, subject(definition, kind), draft)
                    .render(Template.parse(place, text, Limits.DEFAULT));
        } catch (JinjaException e) {
            boolean own = e.location() == null || e.file().equals(place.file());
            throw new JinjaException(e.problem() + ", in '" + text.strip() + "'", own ? place : e.location());
        }
        draft.places.replaceAll((asked, at) -> known.contains(asked) ? at : place);
    }

    /** What the foreign keys of a contract refer to: {@code {{ ref('orders') }}}. */
    private static List<String> references(Definition definition, ModelConfig config) {
        List<@Nullable Object> constraints = new ArrayList<>();
        definition.columns().values().forEach(column -> constraints.addAll(column.constraints()));
        if (config.get("constraints") instanceof List<?> own) {
            constraints.addAll(own);
        }
        List<String> references = new ArrayList<>();
        for (Object constraint : constraints) {
            if (constraint instanceof Map<?, ?> map && map.get("to") instanceof String to) {
                references.add("{{ " + to + " }}");
            }
        }
        return references;
    }

    private @Nullable Parsed seed(SourceFile file) {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file.absolute());
        } catch (IOException e) {
            problems.error(file.shown(), 0, "cannot be read: " + e);
            return null;
        }
        desk.digests.put(file.shown(), Checksum.of(bytes));
        String text =
                new String(bytes, StandardCharsets.UTF_8).replace("\r\n", "\n").strip();
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
        Template template = desk.template(new Location(file.shown(), 1, 1), text);
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
        Template template = desk.template(entry.map().valueAt("relation"), raw);
        return template == null
                ? null
                : parse(
                        entry.file(),
                        "snapshot",
                        entry.name(),
                        fqn(entry.file(), "analysis_of_yaml"),
                        entry.place().line(),
                        raw,
                        Checksum.ofText(raw),
                        template,
                        entry.file()
                                .path()
                                .resolveSibling(entry.name() + ".sql")
                                .toString());
    }
}
