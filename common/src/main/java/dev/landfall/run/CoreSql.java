package dev.landfall.run;

import dev.landfall.event.ColumnChanged;
import dev.landfall.project.Model;
import dev.landfall.project.Project;
import dev.landfall.project.Relation;
import dev.landfall.template.CompiledModel;
import dev.landfall.template.RenderRequest;
import dev.landfall.warehouse.LandedFile;
import dev.landfall.warehouse.Ledger;
import dev.landfall.warehouse.ParsedQuery;
import dev.landfall.warehouse.Session;
import dev.landfall.warehouse.WarehouseException;
import dev.landfall.warehouse.WarehouseException.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A core model's SQL over the files of a batch, and what their columns say. */
final class CoreSql {
    private final CoreTask task;
    private final CoreReport report;
    private final RunContext context;
    private final Project project;
    private final Model model;
    private final LakeView lake;
    /** All files are read by one statement, whatever their columns. */
    private boolean together;
    /** What of the batch is not in the table yet. */
    private List<LandedFile> arriving = List.of();
    /** How the columns of the batch differ from those of the stream; null where that is not known. */
    private @Nullable StreamColumns columns;

    CoreSql(CoreTask task, CoreReport report, LakeView lake) {
        this.task = task;
        this.report = report;
        this.context = task.context();
        this.project = task.project();
        this.model = task.model();
        this.lake = lake;
    }

    /**
     * The SQL of a batch.
     *
     * @param checksum of the compiled model
     * @param files how many files it reads
     * @param whole the same without the model's own filter, null when that is the same
     */
    record Forms(
            String sql,
            String checksum,
            boolean readsOwnStream,
            long files,
            @Nullable String whole) {}

    /** Begins with a batch. */
    void begin(List<LandedFile> filesNotInTheTable, boolean inOneStatement) {
        arriving = filesNotInTheTable;
        together = inOneStatement;
        columns = null;
    }

    /**
     * Looks at the columns of what arrives. What becomes of a file must not depend on its neighbours' columns.
     *
     * @param inOrder whether only neighbours may be taken together
     */
    void look(Session session, Ledger ledger, boolean inOrder) {
        lake.requireAtHand();
        List<FileShape> shapes = FileShape.of(session, lake, arriving, inOrder);
        List<Ledger.Column> known = ledger.columns(task.streamName());
        boolean baseline = known.isEmpty();
        for (FileShape shape : shapes) {
            if (columns != null) {
                // The shape before may have shown some.
                known = ledger.columns(task.streamName());
            }
            StreamColumns seen = new StreamColumns(task.stream().name(), session, ledger, project, known, shape);
            List<ColumnChanged> changes = seen.notice();
            if (!baseline) {
                changes.forEach(context::tell);
            }
            columns = seen;
        }
        if (!together && shapes.size() > 1) {
            throw new FileBatches.SeveralShapes(shapes);
        }
    }

    Forms compile(Session session, Ledger ledger, List<LandedFile> files, boolean incremental, boolean narrow) {
        RenderRequest request = request(session, files, incremental, narrow);
        context.refuseOwnMaterialization(project, model);
        CompiledModel compiled = context.compiler(project).compile(model, request);
        ScanPlan plan = plan(ledger, files, narrow);
        ParsedQuery query = ParsedQuery.parse(session, compiled.sql());
        String sql = rewrite(session, plan, query);
        boolean readsOwnStream = plan.readsOwnStream(query);
        plan.warnings().forEach(report::warn);
        String whole = null;
        if (incremental && readsOwnStream && !compiled.landingAware()) {
            CompiledModel unfiltered = context.compiler(project).compile(model, request.withIncremental(false));
            if (!unfiltered.sql().equals(compiled.sql())) {
                whole = plan.rewrite(ParsedQuery.parse(session, unfiltered.sql()));
            }
        }
        return new Forms(sql, compiled.checksum(), readsOwnStream, plan.filesRead(), whole);
    }

    /** The SQL over the plan's files; with NULL for what the stream got later than these files, where that is read. */
    private String rewrite(Session session, ScanPlan plan, ParsedQuery query) {
        String sql = plan.rewrite(query);
        StreamColumns seen = columns;
        if (seen == null
                || together
                || (seen.notYet().isEmpty() && seen.vanished().isEmpty())) {
            return sql;
        }
        lake.requireAtHand();
        try {
            session.query("explain " + sql);
            return sql;
        } catch (WarehouseException e) {
            if (!String.valueOf(e.getMessage()).contains("Binder Error")) {
                throw e;
            }
            String filled = plan.withMissing(seen.notYet()).rewrite(query);
            try {
                session.query("explain " + filled);
                return filled;
            } catch (WarehouseException still) {
                String gone = seen.vanished().entrySet().stream()
                        .filter(column -> String.valueOf(still.getMessage()).contains(column.getKey()))
                        .map(column -> column.getKey() + " (" + column.getValue() + ")")
                        .collect(Collectors.joining(", "));
                if (gone.isEmpty()) {
                    throw still;
                }
                throw new WarehouseException(
                        session.what() + ": it needs the column " + gone + ", which older files have and this one has"
                                + " not; bring it back at the source, or take it out of the model, and retry with"
                                + " landfall dead-letters retry",
                        Kind.REFUSED_FILE,
                        sql,
                        still);
            }
        }
    }

    private ScanPlan plan(Ledger ledger, List<LandedFile> files, boolean narrow) {
        Map<String, String> own = task.state().hiveTypes();
        return new ScanPlan(project, context.settings(), lake)
                .of(task.stream(), files, narrow)
                .withOptions(name -> name.equals(task.stream().name()) ? own : ledger.hiveTypes(name.toString()))
                .without(task.state().deadFiles());
    }

    RenderRequest request(Session session, List<LandedFile> files, boolean incremental, boolean narrow) {
        Map<String, @Nullable Object> vars = new HashMap<>();
        if (!files.isEmpty()) {
            vars.put("files", fileList(files));
            vars.put("landed_partitions", narrow ? partitions(files) : null);
        }
        return new RenderRequest(session, incremental, false, vars);
    }

    private static String fileList(List<LandedFile> files) {
        return files.stream().map(landed -> Relation.literal(landed.uri())).collect(Collectors.joining(", ", "[", "]"));
    }

    private static List<Map<String, String>> partitions(List<LandedFile> files) {
        return files.stream()
                .map(landed -> landed.partition().values())
                .distinct()
                .collect(Collectors.toCollection(ArrayList::new));
    }

    /** A value that does not fit is the file's fault when its column changed its type. */
    RuntimeException explained(RuntimeException e) {
        String retyped = columns == null || together ? "" : columns.retyped();
        return !retyped.isEmpty() && e instanceof WarehouseException failure && failure.kind() == Kind.PERMANENT
                ? new WarehouseException(
                        e.getMessage() + "\n  the column's type changed: " + retyped,
                        Kind.REFUSED_FILE,
                        failure.sql().orElse(null),
                        e)
                : e;
    }
}
