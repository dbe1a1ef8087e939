package dev.landfall.run;

import dev.landfall.event.PartitionLanded;
import dev.landfall.lake.KeyOrder;
import dev.landfall.lake.Lake;
import dev.landfall.lake.LakeFile;
import dev.landfall.lake.Layout;
import dev.landfall.project.Appendix;
import dev.landfall.project.Definition;
import dev.landfall.project.Dependencies;
import dev.landfall.project.Invocation;
import dev.landfall.project.Model;
import dev.landfall.project.ModelConfig;
import dev.landfall.project.Node;
import dev.landfall.project.Project;
import dev.landfall.project.ProjectSettings;
import dev.landfall.project.Relation;
import dev.landfall.project.StreamConfig;
import dev.landfall.project.StreamName;
import dev.landfall.project.Target;
import dev.landfall.template.CompiledModel;
import dev.landfall.template.RenderRequest;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** A project whose templates are Java: what is tested is what is done with the SQL. */
final class TestProject implements Compiler {
    private final Target target;
    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final List<StreamConfig> streams = new ArrayList<>();
    private final Map<String, Template> templates = new LinkedHashMap<>();

    /** A model's text as a function of how it is rendered. */
    interface Template extends BiFunction<RenderRequest, Vars, String> {}

    /** Remembers which variables a template reads. */
    static final class Vars {
        private final RenderRequest request;
        private final Set<String> read = new HashSet<>();

        Vars(RenderRequest request) {
            this.request = request;
        }

        @Nullable
        Object get(String name) {
            read.add(name);
            return request.vars().get(name);
        }
    }

    private final Set<String> owned = new HashSet<>();
    private String macros = "";

    TestProject(Target target) {
        this.target = target;
    }

    TestProject stream(String source, String stream) {
        return stream(source, stream, Map.of());
    }

    TestProject stream(String source, String stream, Map<String, Object> fields) {
        streams.add(new StreamConfig(
                new StreamName(source, stream),
                Path.of("streams", source, stream + ".json"),
                null,
                "raw/" + source + "/" + stream + "/",
                null,
                null,
                true,
                List.of(),
                List.of(),
                fields));
        return this;
    }

    /** @param text stands for those of macros that all models call */
    TestProject macros(String text) {
        macros = text;
        return this;
    }

    TestProject model(String name, Map<String, Object> config, Template template, String... parents) {
        return model(name, config, name, template, parents);
    }

    /** @param text stands for the raw text: another text is another version of the model */
    TestProject model(String name, Map<String, Object> config, String text, Template template, String... parents) {
        String id = "model.test." + name;
        Definition definition = new Definition(
                id,
                name,
                "test",
                Path.of("models", name + ".sql"),
                "models/" + name + ".sql",
                name + ".sql",
                1,
                List.of("test", name),
                text,
                null,
                "checksum of " + text,
                "",
                Map.of(),
                null,
                null);
        List<String> ids =
                List.of(parents).stream().map(parent -> "model.test." + parent).toList();
        nodes.put(
                id,
                new Model(
                        definition,
                        new ModelConfig(new LinkedHashMap<>(config)),
                        new Relation(target.database(), "main", name),
                        new Dependencies(ids, List.of(), List.of(), List.of())));
        templates.put(id, template);
        return this;
    }

    Project project() {
        return new Project(
                "test",
                Path.of("."),
                "project of " + macros
                        + nodes.values().stream().map(Node::checksum).toList(),
                target,
                new ProjectSettings(
                        null,
                        Path.of("target"),
                        Map.of(),
                        List.of(),
                        List.of(),
                        null,
                        List.of(),
                        Map.of(),
                        Map.of(),
                        Map.of(),
                        Invocation.now()),
                nodes,
                Map.of(),
                streams,
                Map.of(),
                Map.of(),
                Appendix.NONE,
                List.of());
    }

    /** Makes a materialization one of the project's own. */
    TestProject owns(String materialization) {
        owned.add(materialization);
        return this;
    }

    @Override
    public boolean hasMaterialization(Model model) {
        return owned.contains(model.materialized());
    }

    @Override
    public String codeChecksum(Node node) {
        return node.checksum() + macros;
    }

    @Override
    public CompiledModel compile(Model model, RenderRequest request) {
        Vars vars = new Vars(request);
        Template template = java.util.Objects.requireNonNull(templates.get(model.uniqueId()));
        String sql = template.apply(request, vars);
        return new CompiledModel(model, sql, vars.read, "sql " + sql.hashCode());
    }

    @Override
    public String render(Node node, String jinja, RenderRequest request) {
        return jinja;
    }

    // --- landings

    /** One landing for each partition of the stream, as the sensor would tell of what now lies in the lake. */
    static List<PartitionLanded> landings(Lake lake, String bucket, String source, String stream) {
        String prefix = "raw/" + source + "/" + stream + "/";
        Layout layout = new Layout(prefix);
        Map<String, List<LakeFile>> byPartition = new TreeMap<>(KeyOrder.UTF_8);
        for (LakeFile file : lake.listAll(bucket, prefix)) {
            if (layout.kind(file) == Layout.Kind.LANDING) {
                byPartition
                        .computeIfAbsent(layout.partition(file.key()).path(), x -> new ArrayList<>())
                        .add(file);
            }
        }
        return byPartition.values().stream()
                .map(files -> landing(source, stream, bucket, prefix, files))
                .toList();
    }

    /** The same landing as it was told when only these files were there. */
    static PartitionLanded only(PartitionLanded all, Set<String> keys) {
        List<LakeFile> files =
                all.files().stream().filter(file -> keys.contains(file.key())).toList();
        return new PartitionLanded(
                all.source(),
                all.stream(),
                all.bucket(),
                all.prefix(),
                all.partition(),
                1,
                files,
                List.of(),
                Instant.now(),
                "manifest-" + files.hashCode(),
                "");
    }

    private static PartitionLanded landing(
            String source, String stream, String bucket, String prefix, List<LakeFile> files) {
        return new PartitionLanded(
                source,
                stream,
                bucket,
                prefix,
                new Layout(prefix).partition(files.get(0).key()).values(),
                1,
                files,
                List.of(),
                Instant.now(),
                "manifest-" + files.hashCode(),
                "");
    }
}
