package dev.landfall.template;

import dev.landfall.jinja.Callable;
import dev.landfall.jinja.JinjaException;
import dev.landfall.jinja.Limits;
import dev.landfall.jinja.Location;
import dev.landfall.jinja.Python;
import dev.landfall.jinja.Scope;
import dev.landfall.jinja.Template;
import dev.landfall.jinja.Undefined;
import dev.landfall.project.ColumnDoc;
import dev.landfall.project.Dependencies.Ref;
import dev.landfall.project.Dependencies.SourceRef;
import dev.landfall.project.MacroDefinition;
import dev.landfall.project.Model;
import dev.landfall.project.ModelConfig;
import dev.landfall.project.ModelVersion;
import dev.landfall.project.Node;
import dev.landfall.project.Problems;
import dev.landfall.project.Relation;
import dev.landfall.project.Seed;
import dev.landfall.project.Snapshot;
import dev.landfall.project.SourceTable;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One rendering: what its templates see, and what they did. Parsing collects into a {@link Draft}; running answers from
 * the {@link References} and the database. Belongs to one thread.
 */
final class Rendering {
    private final Library library;
    private final Subject subject;
    private final @Nullable Draft draft;
    private final @Nullable References references;
    private final @Nullable RenderRequest request;
    private final Names names;
    private final Scope scope;
    private final Map<String, Callable> bound = new HashMap<>();
    private final Set<String> varsRead = new LinkedHashSet<>();
    private final Set<Model> ephemeral = new LinkedHashSet<>();
    private final Set<String> listed = new HashSet<>();
    private int macroDepth;
    private boolean transactional;

    private Rendering(
            Library library,
            Subject subject,
            @Nullable Draft draft,
            @Nullable References references,
            @Nullable RenderRequest request) {
        this.library = library;
        this.subject = subject;
        this.draft = draft;
        this.references = references;
        this.request = request;
        this.names = new Names(this);
        this.scope = Scope.root(names, Limits.DEFAULT);
    }

    /** The parse pass: {@code execute} is false, and what the template asks for is written into the draft. */
    static Rendering parsing(Library library, Subject subject, Draft draft) {
        return new Rendering(library, subject, draft, null, null);
    }

    /** For the macros that name things: {@code execute} is false, and nothing is written down. */
    static Rendering naming(Library library, Subject subject) {
        return new Rendering(library, subject, null, null, null);
    }

    static Rendering running(Library library, Subject subject, References references, RenderRequest request) {
        return new Rendering(library, subject, null, references, request);
    }

    /** From here on statements begin a transaction, and {@code adapter.commit()} ends it: the caller has begun none. */
    Rendering transactional() {
        transactional = true;
        return this;
    }

    boolean isTransactional() {
        return transactional;
    }

    /** As a statement does before it runs. */
    void begin() {
        if (transactional) {
            database().begin();
        }
    }

    /** As dbt's cache of relations, which an operation begins without: to list a schema begins a transaction. */
    void lookUp(Relation relation) {
        if (subject.kind().equals("operation") && listed.add(relation.database() + "\n" + relation.schema())) {
            begin();
        }
    }

    /** Whether a statement of this name has run. */
    boolean hasResult(String name) {
        return names.hasResult(name);
    }

    String render(Template template) {
        return request == null
                ? template.renderPermissive(scope.child(), this::unknownCall)
                : template.render(scope.child());
    }

    private void unknownCall(Undefined callee, Location place) {
        String problem = names.unknown(callee);
        if (problem != null) {
            doubt(place, problem);
        }
    }

    /** What will go wrong when the node is built, as far as the parse pass can tell. */
    void doubt(@Nullable Location place, String problem) {
        if (draft != null && place != null) {
            draft.doubts.putIfAbsent(place, problem);
        }
    }

    Scope scope() {
        return scope;
    }

    Library library() {
        return library;
    }

    Subject subject() {
        return subject;
    }

    @Nullable
    Draft draft() {
        return draft;
    }

    /** What {@code execute} answers. */
    boolean executes() {
        return request != null;
    }

    RenderRequest request() {
        if (request == null) {
            throw new IllegalStateException("a project is being parsed");
        }
        return request;
    }

    @Nullable
    References references() {
        return references;
    }

    Database database() {
        return request().database();
    }

    Set<String> varsRead() {
        return varsRead;
    }

    /** Ephemeral models that were referred to, in the order of first use. */
    Set<Model> ephemeral() {
        return ephemeral;
    }

    // Macros

    /** As a plain name finds it, or null. */
    @Nullable
    Callable macro(String name) {
        MacroDefinition definition = library.macros.find(subject.packageName(), name);
        return definition == null ? null : bind(definition);
    }

    /** In one package; in the engine's own also what is written in Java. Null when there is none. */
    @Nullable
    Callable macroIn(String packageName, String name) {
        MacroDefinition definition = library.macros.in(packageName, name);
        if (definition != null) {
            return bind(definition);
        }
        return packageName.equals(Macros.INTERNAL) && names.function(name) instanceof Callable function
                ? function
                : null;
    }

    Callable bind(MacroDefinition definition) {
        Callable known = bound.get(definition.uniqueId());
        if (known == null) {
            known = recorded(definition.uniqueId(), definition.macro().bind(scope));
            bound.put(definition.uniqueId(), known);
        }
        return known;
    }

    /** Writes the macro down when it is the node itself that calls, not another macro. */
    Callable recorded(String uniqueId, Callable macro) {
        return arguments -> {
            if (macroDepth == 0 && draft != null) {
                draft.macros.add(uniqueId);
            }
            macroDepth++;
            try {
                return macro.call(arguments);
            } finally {
                macroDepth--;
            }
        };
    }

    // Variables

    boolean hasVar(String name) {
        varsRead.add(name);
        return (request != null && request.vars().containsKey(name)) || vars().containsKey(name);
    }

    @Nullable
    Object var(String name) {
        Object value = request != null && request.vars().containsKey(name)
                ? request.vars().get(name)
                : vars().get(name);
        return value instanceof String text && Library.isTemplate(text)
                ? library.text("var '" + name + "'", text).render(scope.child())
                : value;
    }

    Map<String, @Nullable Object> vars() {
        return library.settings.varsOf(subject.packageName());
    }

    // References

    /** What {@code ref()} answers. While parsing that is the node itself, as in dbt. */
    Object ref(Ref ref, @Nullable Location place) {
        if (draft != null) {
            draft.refs.add(ref);
            note(draft, ref, place);
            return self();
        }
        Node node = references == null ? null : references.node(named(ref), ref.packageName(), subject.packageName());
        if (node == null) {
            throw new JinjaException(unknownRef(ref));
        }
        if (subject.dependsOn() != null && !subject.dependsOn().contains(node.uniqueId())) {
            throw new JinjaException(notInferred(ref));
        }
        if (node instanceof Model model) {
            if (model.ephemeral()) {
                ephemeral.add(model);
                return narrowed(RelationValue.ephemeral(model.relation().identifier()), node);
            }
            return read(model, model.relation());
        }
        if (node instanceof Seed seed) {
            return read(seed, seed.relation());
        }
        if (node instanceof Snapshot snapshot) {
            return read(snapshot, snapshot.relation());
        }
        throw new JinjaException("ref('" + ref.name() + "'): a " + node.resourceType() + " cannot be read");
    }

    private RelationValue read(Node node, Relation own) {
        Relation elsewhere = references == null ? null : references.deferral().of(node, own, database());
        return narrowed(library.relation(elsewhere == null ? own : elsewhere, null, node.config()), node);
    }

    private RelationValue narrowed(RelationValue relation, Node node) {
        return narrowed(relation, node.config(), node.definition().columns());
    }

    /** A microbatch model sees of what has an event time only what is of its batch. */
    private RelationValue narrowed(RelationValue relation, ModelConfig config, Map<String, ColumnDoc> columns) {
        Batch batch = request == null ? null : request.batch();
        String column = config.text("event_time").orElse("");
        if (batch == null || column.isEmpty()) {
            return relation;
        }
        ColumnDoc described = columns.get(column);
        return relation.withFilter(
                batch.condition(described != null && described.quote() ? Relation.quote(column) : column));
    }

    static String named(Ref ref) {
        return ref.version() == null || !Python.truth(ref.version())
                ? ref.name()
                : ref.name() + "." + ModelVersion.suffix(Python.str(ref.version()));
    }

    private String unknownRef(Ref ref) {
        return "unknown ref '" + named(ref) + "'"
                + (references == null ? "" : Problems.nearest(named(ref), references.nodeNames()));
    }

    private String notInferred(Ref ref) {
        String call = "ref('" + (ref.packageName() == null ? "" : ref.packageName() + "', '") + ref.name() + "')";
        return "dbt was unable to infer all dependencies for the model \"" + subject.name()
                + "\". This typically happens when ref() is placed within a conditional block.\n"
                + "To fix this, add the following hint to the top of the model \"" + subject.name() + "\":\n"
                + "-- depends_on: {{ " + call + " }}";
    }

    private static void note(Draft draft, Object asked, @Nullable Location place) {
        if (place != null) {
            draft.places.putIfAbsent(asked, place);
        }
    }

    Object source(SourceRef source, @Nullable Location place) {
        if (draft != null) {
            draft.sources.add(source);
            note(draft, source, place);
            return self();
        }
        SourceTable table =
                references == null ? null : references.source(source.source(), source.table(), subject.packageName());
        if (table == null) {
            throw new JinjaException("unknown source '" + source.source() + "." + source.table() + "'"
                    + (references == null
                            ? ""
                            : Problems.nearest(source.source() + "." + source.table(), references.sourceNames())));
        }
        return narrowed(relationOf(table), table.config(), table.columns());
    }

    static RelationValue relationOf(SourceTable table) {
        RelationValue.Parts quoted = table.config().get("quoting") instanceof Map<?, ?> map
                ? RelationValue.Parts.ALL.with(map)
                : RelationValue.Parts.ALL;
        return RelationValue.of(table.relation(), table.externalLocation() == null ? null : "external", quoted)
                .withText(table.externalLocation());
    }

    private Object self() {
        RelationValue self = subject.self();
        return self == null
                ? RelationValue.of(
                        new dev.landfall.project.Relation(null, null, subject.name()), null, RelationValue.Parts.ALL)
                : self;
    }

    /** {@code api.Relation}: quotes as the project says. */
    Object relationType() {
        return names.relationType();
    }
}
