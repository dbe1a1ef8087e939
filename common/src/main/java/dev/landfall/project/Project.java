package dev.landfall.project;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A loaded project: valid, complete and unchanging. {@code ProjectLoader} makes it.
 *
 * @see Model
 */
public final class Project {
    private final String name;
    private final Path directory;
    private final String checksum;
    private final Target target;
    private final ProjectSettings settings;
    private final Map<String, Node> nodes;
    private final Map<String, SourceTable> sources;
    private final List<StreamConfig> streams;
    private final Map<String, MacroDefinition> macros;
    private final Map<String, String> docs;
    private final Appendix appendix;
    private final List<Problem> warnings;
    private final Map<String, Model> modelsByName = new HashMap<>();
    private final List<Model> models = new ArrayList<>();
    private final Map<String, StreamConfig> streamsByTag = new LinkedHashMap<>();

    public Project(
            String name,
            Path directory,
            String checksum,
            Target target,
            ProjectSettings settings,
            Map<String, Node> nodes,
            Map<String, SourceTable> sources,
            List<StreamConfig> streams,
            Map<String, MacroDefinition> macros,
            Map<String, String> docs,
            Appendix appendix,
            List<Problem> warnings) {
        this.name = name;
        this.directory = directory;
        this.checksum = checksum;
        this.target = target;
        this.settings = settings;
        this.nodes = Collections.unmodifiableMap(new LinkedHashMap<>(nodes));
        this.sources = Collections.unmodifiableMap(new LinkedHashMap<>(sources));
        this.streams = List.copyOf(streams);
        this.macros = Collections.unmodifiableMap(new LinkedHashMap<>(macros));
        this.docs = Collections.unmodifiableMap(new LinkedHashMap<>(docs));
        this.appendix = appendix;
        this.warnings = List.copyOf(warnings);
        for (Node node : nodes.values()) {
            if (node instanceof Model model) {
                models.add(model);
                // The project's own model wins over one of the same name in a package.
                modelsByName.merge(
                        model.name(), model, (a, b) -> b.packageName().equals(name) ? b : a);
            }
        }
        this.streams.forEach(stream -> streamsByTag.put(stream.name().tag(), stream));
    }

    /** As dbt_project.yml has it. */
    public String name() {
        return name;
    }

    /** The project's root, absolute. */
    public Path directory() {
        return directory;
    }

    /** A hash over all files that were read, and the variables given: tells two services on different commits apart. */
    public String checksum() {
        return checksum;
    }

    public Target target() {
        return target;
    }

    public ProjectSettings settings() {
        return settings;
    }

    /** All enabled nodes by unique id: models, seeds, snapshots, tests, analyses. */
    public Map<String, Node> nodes() {
        return nodes;
    }

    /** All enabled sources by unique id. */
    public Map<String, SourceTable> sources() {
        return sources;
    }

    /** In the order of their names; also those that are switched off. */
    public List<StreamConfig> streams() {
        return streams;
    }

    /**
     * Where the streams lie that are switched on.
     *
     * @param usual the bucket of those that name none
     */
    public Set<String> buckets(String usual) {
        Set<String> buckets = new LinkedHashSet<>(Set.of(usual));
        for (StreamConfig stream : streams) {
            String own = stream.bucket();
            if (stream.selected() && own != null) {
                buckets.add(own);
            }
        }
        return buckets;
    }

    /** Macros of all packages by unique id, those of the engine included. */
    public Map<String, MacroDefinition> macros() {
        return macros;
    }

    /** Docs blocks by {@code package.name}. */
    public Map<String, String> docs() {
        return docs;
    }

    /** Exposures, groups, selectors, and what is switched off. */
    public Appendix appendix() {
        return appendix;
    }

    /** What is odd and no mistake. */
    public List<Problem> warnings() {
        return warnings;
    }

    /** In the order of their unique ids. */
    public List<Model> models() {
        return Collections.unmodifiableList(models);
    }

    /** By name ({@code orders}) or by unique id ({@code model.shop.orders}). */
    public Optional<Model> model(String nameOrId) {
        return nodes.get(nameOrId) instanceof Model model
                ? Optional.of(model)
                : Optional.ofNullable(modelsByName.get(nameOrId));
    }

    public Optional<StreamConfig> stream(StreamName stream) {
        return Optional.ofNullable(streamsByTag.get(stream.tag()));
    }

    /** The models that bear the stream's tag, in the order of their unique ids. */
    public List<Model> modelsOf(StreamName stream) {
        return models.stream()
                .filter(model -> model.tags().contains(stream.tag()))
                .toList();
    }

    /** The stream whose tag the model bears; the first one, should it bear several. */
    public Optional<StreamName> streamOf(Model model) {
        return model.tags().stream()
                .map(streamsByTag::get)
                .filter(Objects::nonNull)
                .map(StreamConfig::name)
                .findFirst();
    }

    /** The models that bear no stream's tag. */
    public List<Model> marts() {
        return models.stream().filter(model -> streamOf(model).isEmpty()).toList();
    }

    @Override
    public String toString() {
        return "project " + name + " in " + directory;
    }
}
