package dev.landfall.run;

import dev.landfall.jinja.JinjaException;
import dev.landfall.lake.Lake;
import dev.landfall.lake.LakeReader;
import dev.landfall.project.Model;
import dev.landfall.project.Node;
import dev.landfall.project.Project;
import dev.landfall.project.Seed;
import dev.landfall.template.Deferral;
import dev.landfall.template.QueryResult;
import dev.landfall.template.RenderRequest;
import dev.landfall.template.TemplateRenderer;
import dev.landfall.warehouse.Session;
import dev.landfall.warehouse.Warehouse;
import dev.landfall.warehouse.WarehouseException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One-shot commands that build nothing: {@code compile}, {@code show} and {@code run-operation}. */
public final class Preview {
    private final Project project;
    private final RunContext context;
    private final TemplateRenderer renderer;
    private final String command;
    private final boolean fullRefresh;

    /**
     * @param lake where {@code s3://} globs are looked up, with its reader; null when no lake is configured
     * @param command what {@code flags.WHICH} answers
     */
    public Preview(
            Project project,
            Warehouse warehouse,
            @Nullable Lake lake,
            @Nullable LakeReader reader,
            RunSettings settings,
            String command,
            boolean fullRefresh,
            Deferral deferral) {
        this.project = project;
        this.context = new RunContext(() -> project, warehouse, lake, reader, settings, Compiler::of);
        this.renderer = new TemplateRenderer(project, deferral);
        this.command = command;
        this.fullRefresh = fullRefresh;
    }

    /** The node's SQL as a run would have it now. */
    public String compile(Node node) {
        return context.warehouse().with(RunContext.label(node), session -> sql(session, node));
    }

    /** The SQL of a query that is no node. */
    public String compileInline(String jinja) {
        return context.warehouse().with("inline query", session -> renderer.compileInline(jinja, request(session)));
    }

    /**
     * The rows that a node would give now.
     *
     * @param limit at most so many; negative for all
     */
    public QueryResult rows(Node node, int limit) {
        return rows(RunContext.label(node), session -> sql(session, node), limit);
    }

    /** As {@link #rows(Node, int)}, of a query that is no node. */
    public QueryResult rowsOfInline(String jinja, int limit) {
        return rows("inline query", session -> renderer.compileInline(jinja, request(session)), limit);
    }

    /** Calls a macro by name. What it leaves uncommitted is rolled back, as in dbt. Gives the failure, if there is one. */
    public Optional<String> call(String macro, Map<String, @Nullable Object> arguments) {
        try {
            context.warehouse().with("macro " + macro, session -> {
                renderer.callMacro(macro, null, arguments, request(session));
                return true;
            });
            return Optional.empty();
        } catch (JinjaException | WarehouseException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** Whether {@link #call} would find the macro. */
    public boolean knows(String macro) {
        return renderer.hasMacro(macro);
    }

    private QueryResult rows(String label, Warehouse.Work<String> compile, int limit) {
        try (LakeView lake = context.lakeView()) {
            return lake.work(context.warehouse(), label, session -> {
                String sql = new LakeScans(project, context.settings(), lake).rewrite(session, compile.with(session));
                return session.query(limit < 0 ? sql : sql + "\nlimit " + limit);
            });
        }
    }

    private String sql(Session session, Node node) {
        if (node instanceof Seed seed) {
            return "select * from " + seed.relation().sql();
        }
        RenderRequest request = request(session);
        return renderer.compile(
                node,
                node instanceof Model model
                        ? request.withIncremental(Materializer.isIncremental(session, model, fullRefresh))
                        : request);
    }

    private RenderRequest request(Session session) {
        return new RenderRequest(session, false, fullRefresh, command, Map.of(), Map.of());
    }
}
