package dev.landfall.template;

import dev.landfall.jinja.JinjaException;
import dev.landfall.jinja.Location;
import dev.landfall.project.Definition;
import dev.landfall.project.ModelConfig;
import dev.landfall.project.Relation;
import dev.landfall.project.YamlMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The parse pass over exposures. */
final class ExposureParser {
    private static final List<String> TYPES = List.of("analysis", "application", "dashboard", "ml", "notebook");

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
            desk.problems.error(entry.place(), "an exposure has no 'name'");
            return null;
        }
        String type = map.text("type", "");
        if (!TYPES.contains(type)) {
            desk.problems.error(
                    map.valueAt("type"),
                    "exposure '" + entry.name() + "' is of the type '" + type + "', but must be one of "
                            + String.join(", ", TYPES));
        }
        if (map.map("owner").text("name") == null && map.map("owner").text("email") == null) {
            desk.problems.error(
                    map.valueAt("owner"), "exposure '" + entry.name() + "' has no 'owner' with a name or an email");
        }
        List<String> fqn = entry.file().fqn(entry.name());
        ModelConfig config = config(owner, fqn, map);
        if (!config.enabled()) {
            return null;
        }
        Definition definition = entry.file()
                .definition(
                        entry.uniqueId(),
                        entry.file().path().toString(),
                        entry.place().line(),
                        fqn,
                        "",
                        "",
                        descriptions.of(map, owner));
        Draft draft = new Draft();
        Relation nowhere = new Relation(null, null, entry.name());
        Subject subject = new Subject(
                entry.uniqueId(), entry.name(), owner, "exposure", null, ModelConfig.EMPTY, null, LinkedHashMap::new);
        List<?> items = map.list("depends_on");
        for (int i = 0; i < items.size(); i++) {
            String item = String.valueOf(items.get(i));
            String text = "{{ " + item + " }}";
            Set<Object> known = Set.copyOf(draft.places.keySet());
            Location place = map.itemAt("depends_on", i);
            try {
                Rendering.parsing(library, subject, draft).render(library.text(entry.shown(), text));
            } catch (JinjaException e) {
                desk.problems.error(place, e.problem() + ", in '" + item + "'");
            }
            draft.places.replaceAll((asked, at) -> known.contains(asked) ? at : place);
        }
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
