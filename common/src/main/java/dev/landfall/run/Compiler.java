package dev.landfall.run;

import dev.landfall.project.DataTest;
import dev.landfall.project.Model;
import dev.landfall.project.Node;
import dev.landfall.project.Project;
import dev.landfall.project.Relation;
import dev.landfall.project.Snapshot;
import dev.landfall.project.UnitTest;
import dev.landfall.template.ColumnInfo;
import dev.landfall.template.CompiledModel;
import dev.landfall.template.CompiledTest;
import dev.landfall.template.RenderRequest;
import dev.landfall.template.TemplateRenderer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns the project's templates into SQL; what runs know of templates. */
interface Compiler {
    CompiledModel compile(Model model, RenderRequest request);

    /** Renders a hook in the context of its node. */
    String render(Node node, String jinja, RenderRequest request);

    default CompiledTest compile(DataTest test, RenderRequest request) {
        throw new UnsupportedOperationException(test.uniqueId() + request.command());
    }

    default String compile(Snapshot snapshot, RenderRequest request) {
        throw new UnsupportedOperationException(snapshot.uniqueId() + request.command());
    }

    default String compile(UnitTest test, Map<String, String> fixtures, RenderRequest request) {
        throw new UnsupportedOperationException(test.uniqueId() + fixtures + request.command());
    }

    /** Whether the project has a macro for an incremental strategy of its own. */
    default boolean hasStrategy(Model model, String strategy) {
        return false;
    }

    /** What that macro makes of a batch. */
    default String strategySql(
            Model model,
            String strategy,
            Relation target,
            Relation batch,
            List<ColumnInfo> columns,
            RenderRequest request) {
        throw new UnsupportedOperationException(strategy);
    }

    /** What a snapshot strategy of the project's own says, null when it has none of this name. */
    default @Nullable Map<String, @Nullable Object> snapshotStrategy(
            Snapshot snapshot, String strategy, String sql, boolean exists, RenderRequest request) {
        return null;
    }

    /** A hash over a node's text and the macros that it calls. */
    default String codeChecksum(Node node) {
        return node.checksum();
    }

    /** Whether the project builds the model by a materialization block of its own. */
    default boolean hasMaterialization(Model model) {
        return false;
    }

    /** Builds it so, from its compiled SQL. */
    default void materialize(Model model, String sql, RenderRequest request) {
        throw new UnsupportedOperationException(model.uniqueId() + request.command());
    }

    /** Renders a hook of the whole run. */
    default String render(String jinja, RenderRequest request) {
        throw new UnsupportedOperationException(jinja + request.command());
    }

    static Compiler of(Project project) {
        return of(new TemplateRenderer(project));
    }

    static Compiler of(TemplateRenderer renderer) {
        return new Compiler() {
            @Override
            public CompiledModel compile(Model model, RenderRequest request) {
                return renderer.compile(model, request);
            }

            @Override
            public CompiledTest compile(DataTest test, RenderRequest request) {
                return renderer.compile(test, request);
            }

            @Override
            public String compile(Snapshot snapshot, RenderRequest request) {
                return renderer.compile(snapshot, request);
            }

            @Override
            public String compile(UnitTest test, Map<String, String> fixtures, RenderRequest request) {
                return renderer.compile(test, fixtures, request);
            }

            @Override
            public boolean hasStrategy(Model model, String strategy) {
                return renderer.hasStrategy(model, strategy);
            }

            @Override
            public String strategySql(
                    Model model,
                    String strategy,
                    Relation target,
                    Relation batch,
                    List<ColumnInfo> columns,
                    RenderRequest request) {
                return renderer.strategySql(model, strategy, target, batch, columns, request);
            }

            @Override
            public @Nullable Map<String, @Nullable Object> snapshotStrategy(
                    Snapshot snapshot, String strategy, String sql, boolean exists, RenderRequest request) {
                return renderer.snapshotStrategy(snapshot, strategy, sql, exists, request);
            }

            @Override
            public String codeChecksum(Node node) {
                return renderer.codeChecksum(node);
            }

            @Override
            public boolean hasMaterialization(Model model) {
                return renderer.hasMaterialization(model);
            }

            @Override
            public void materialize(Model model, String sql, RenderRequest request) {
                renderer.materialize(model, sql, request);
            }

            @Override
            public String render(Node node, String jinja, RenderRequest request) {
                return renderer.renderSql(node, jinja, request);
            }

            @Override
            public String render(String jinja, RenderRequest request) {
                return renderer.renderSql(jinja, request);
            }
        };
    }
}
