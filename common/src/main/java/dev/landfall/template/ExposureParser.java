package dev.landfall.template;

import dev.landfall.jinja.JinjaException;
import dev.landfall.project.Definition;
import dev.landfall.project.ModelConfig;
import dev.landfall.project.Relation;
import dev.landfall.project.YamlMap;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The parse pass over exposures. */
final class ExposureParser {
    private final Desk desk;
    private final Library library;
    private final Descriptions descriptions;

    ExposureParser(Desk desk, Library library, Descriptions descriptions) {
        this.desk = desk;
        this.library = library;
        this.descriptions = descriptions;
    }

    /** Those that are switched on. */
    List<Parsed> parse(List<PropertyFiles.Entry> entries) {
        List<Parsed> exposures = new ArrayList<>();
        for (PropertyFiles.Entry entry : entries) {
            Parsed exposure = parse(entry);
            if (exposure != null) {
                exposures.add(exposure);
            }
        }
        return exposures;
    }

    private @Nullable Parsed parse(PropertyFiles.Entry entry) {
        String owner = entry.file().owner().name();
        YamlMap map = entry.map();
        if (entry.name().isEmpty()) {
            desk.problems.error(entry.shown(), entry.line(), "an exposure has no 'name'");
            return null;
        }
        List<String> fqn = new ArrayList<>(List.of(owner));
        fqn.addAll(entry.file().folders());
        fqn.add(entry.name());
        ModelConfig config = config(owner, fqn, map);
        if (!config.enabled()) {
            return null;
        }
        Definition definition = new Definition(
                entry.uniqueId(),
                entry.name(),
                owner,
                Path.of(entry.shown()),
                entry.file().packagePath().toString(),
                entry.file().path().toString(),
                entry.line(),
                fqn,
                "",
                null,
                "",
                descriptions.of(map, owner),
                Map.of(),
                null,
                null);
        Draft draft = new Draft();
        Relation nowhere = new Relation(null, null, entry.name());
        Subject subject = new Subject(
                entry.uniqueId(), entry.name(), owner, "exposure", null, ModelConfig.EMPTY, null, LinkedHashMap::new);
        for (Object item : map.list("depends_on")) {
            String text = "{{ " + item + " }}";
            try {
                Rendering.parsing(library, subject, draft).render(library.text(entry.shown(), text));
            } catch (JinjaException e) {
                desk.problems.error(entry.shown(), map.line("depends_on"), e.problem() + ", in '" + item + "'");
            }
        }
        // Where a name stands in the text of one item says nothing of the file.
        draft.places.clear();
        return new Parsed(definition, "exposure", config, nowhere, draft, null, null);
    }

    private ModelConfig config(String owner, List<String> fqn, YamlMap map) {
        Map<String, @Nullable Object> values = ConfigMerge.defaults("source");
        desk.tree(owner).apply(values, "exposure", fqn);
        for (String key : List.of("tags", "meta")) {
            Object value = map.get(key);
            if (value != null) {
                ConfigMerge.apply(values, Map.of(key, value));
            }
        }
        ConfigMerge.apply(values, map.map("config"));
        values.put("tags", new ArrayList<>(new LinkedHashSet<>(new ModelConfig(values).tags())));
        return new ModelConfig(values, map.map("config"));
    }
}
