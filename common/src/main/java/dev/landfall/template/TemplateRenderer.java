package dev.landfall.template;

import dev.landfall.project.DataTest;
import dev.landfall.project.Model;
import dev.landfall.project.Node;
import dev.landfall.project.Project;
import dev.landfall.project.Snapshot;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns the project's templates into SQL. Safe for use by several threads. Every method throws
 * {@code JinjaException} when the template fails, with file and line.
 */
public final class TemplateRenderer {
    private final Project project;

    public TemplateRenderer(Project project) {
        this.project = project;
    }

    public CompiledModel compile(Model model, RenderRequest request) {
        missing();
        return new CompiledModel(model, "", java.util.Set.of(), "");
    }

    public CompiledTest compile(DataTest test, RenderRequest request) {
        missing();
        return new CompiledTest(test, "");
    }

    /** The query of a snapshot. */
    public String compile(Snapshot snapshot, RenderRequest request) {
        missing();
        return "";
    }

    /** Renders text in the context of a node: a hook, {@code sql_header}. */
    public String renderSql(Node node, String jinja, RenderRequest request) {
        missing();
        return jinja;
    }

    /** Renders text in the project's own context: {@code on-run-start}, {@code show --inline}. */
    public String renderSql(String jinja, RenderRequest request) {
        missing();
        return jinja;
    }

    /** Whether a macro is to be found from the project's root under this name. */
    public boolean hasMacro(String name) {
        missing();
        return false;
    }

    /** Calls a macro by name ({@code x} or {@code package.x}), in the context of a node when one is given. */
    public @Nullable Object callMacro(
            String name, @Nullable Node node, Map<String, @Nullable Object> arguments, RenderRequest request) {
        missing();
        return null;
    }

    private void missing() {
        if (!project.name().isEmpty()) {
            throw new UnsupportedOperationException("rendering is not there yet: " + project);
        }
    }
}
