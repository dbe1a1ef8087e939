package dev.landfall.run;

import dev.landfall.event.EventJson;
import dev.landfall.event.ModelMaterialized;
import dev.landfall.event.PartitionLanded;
import dev.landfall.project.Model;
import dev.landfall.project.Node;
import dev.landfall.project.Project;
import dev.landfall.project.Relation;
import dev.landfall.project.Seed;
import dev.landfall.project.StreamName;
import dev.landfall.project.UniqueKey;
import dev.landfall.template.ColumnInfo;
import dev.landfall.warehouse.LandedFile;
import dev.landfall.warehouse.Ledger;
import dev.landfall.warehouse.Session;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes into the ledger what is true of tables that something else has built. */
final class Adopting {
    private final RunContext context;
    private final Project project;
    private final Session session;
    private final String runId = RunContext.newRunId();
    private final Instant now = Instant.now();

    Adopting(RunContext context, Project project, Session session) {
        this.context = context;
        this.project = project;
        this.session = session;
    }

    List<Adoption> core(StreamName stream, List<PartitionLanded> landings, @Nullable Instant asOf) {
        List<LandedFile> files = LandingFiles.of(landings).files();
        List<Adoption> adoptions = new ArrayList<>();
        for (Model model : project.modelsOf(stream)) {
            if (!model.ephemeral()) {
                adoptions.add(core(stream, model, files, asOf));
            }
        }
        return adoptions;
    }

    private Adoption core(StreamName stream, Model model, List<LandedFile> files, @Nullable Instant asOf) {
        Ledger ledger = Ledger.open(session, RunContext.databaseOf(model, project));
        String id = model.uniqueId();
        Optional<String> leave = whyLeave(model, ledger);
        if (leave.isPresent()) {
            return Adoption.no(id, leave.get());
        }
        List<ColumnInfo> columns = session.columns(model.relation());
        Optional<Instant> limit = Optional.ofNullable(asOf).or(() -> newestRow(model, columns));
        if (limit.isEmpty()) {
            return Adoption.no(
                    id,
                    "nothing in its rows says how new they are: name the time at which dbt began its last run, --as-of");
        }
        List<LandedFile> applied = files.stream()
                .filter(landed -> !landed.file().lastModified().isAfter(limit.get()))
                .toList();
        long rows = session.number("select count(*) from " + model.relation().sql());
        session.begin();
        if (ledger.hiveTypes(stream.toString()).isEmpty()) {
            ledger.freezeHiveTypes(
                    stream.toString(),
                    HiveTypes.infer(
                            files.stream().map(LandedFile::partition).distinct().toList()));
        }
        ledger.record(id, stream.toString(), applied, null, runId, -1, -1);
        ledger.put(build(
                model,
                "core",
                stream.toString(),
                model.checksum(),
                versions(model, ledger),
                rows,
                ordering(model, columns),
                applied.size()));
        session.commit();
        return new Adoption(id, true, applied.size(), files.size() - applied.size(), "");
    }

    /** A mart, with the versions that its parents have now. */
    Adoption mart(Node node) {
        Relation relation = RunContext.relation(node).orElseThrow();
        String database =
                Optional.ofNullable(relation.database()).orElse(project.target().database());
        Ledger ledger = Ledger.open(session, database);
        Optional<String> leave = whyLeave(node, ledger);
        if (leave.isPresent()) {
            return Adoption.no(node.uniqueId(), leave.get());
        }
        String checksum = node instanceof Model model
                ? MartBuild.checksum(context, project, session, model)
                : node instanceof Seed seed ? seed.checksum() : node.checksum();
        boolean view = node instanceof Model model && model.materialized().equals("view");
        long rows = view ? 0 : session.number("select count(*) from " + relation.sql());
        session.begin();
        ledger.put(build(node, "mart", "", checksum, versions(node, ledger), rows, "", 0));
        session.commit();
        return new Adoption(node.uniqueId(), true, 0, 0, "");
    }

    private Optional<String> whyLeave(Node node, Ledger ledger) {
        if (ledger.build(node.uniqueId()).isPresent()) {
            return Optional.of("is Landfall's already");
        }
        return session.relationType(RunContext.relation(node).orElseThrow()).isEmpty()
                ? Optional.of("has no table; the first run makes it")
                : Optional.empty();
    }

    private Map<String, String> versions(Node node, Ledger ledger) {
        return EagerMarts.versions(project, node, ledger.builds());
    }

    /** What was extracted no later than this has been read, where the table is dbt's: it reads whatever is there. */
    private Optional<Instant> newestRow(Model model, List<ColumnInfo> columns) {
        String sequence = model.config()
                .sequenceBy()
                .flatMap(names -> names.stream().findFirst())
                .orElse(Upsert.EXTRACTED_AT);
        boolean isTime = columns.stream()
                .anyMatch(column -> column.name().equalsIgnoreCase(sequence)
                        && column.type().startsWith("TIMESTAMP"));
        if (!isTime) {
            return Optional.empty();
        }
        Object newest = session.value("select epoch_us(max(" + Relation.quote(sequence) + ")) from "
                + model.relation().sql());
        return newest instanceof Number micros
                ? Optional.of(Instant.EPOCH.plus(micros.longValue(), ChronoUnit.MICROS))
                : Optional.empty();
    }

    private String ordering(Model model, List<ColumnInfo> columns) {
        String ordering = CoreTable.orderingOf(model, columns);
        if (!Upsert.Ordering.SEQUENCE.word().equals(ordering)
                || model.config().sequenceBy().isPresent()) {
            return ordering;
        }
        String names = model.config().uniqueKey() instanceof UniqueKey.Columns key
                ? key.names().stream().map(Relation::quote).collect(Collectors.joining(", "))
                : ((UniqueKey.Expression) model.config().uniqueKey()).sql();
        long several = session.number("select count(*) from (select 1 from "
                + model.relation().sql() + " group by " + names + " having count(*) > 1 limit 1)");
        return several > 0 ? Upsert.Ordering.SEVERAL.word() : ordering;
    }

    private Ledger.Build build(
            Node node,
            String layer,
            String stream,
            String sqlChecksum,
            Map<String, String> parents,
            long rows,
            String ordering,
            long files) {
        String relation = RunContext.relation(node).orElseThrow().sql();
        ModelMaterialized event = new ModelMaterialized(
                node.uniqueId(),
                relation,
                layer,
                stream,
                runId,
                List.of(),
                false,
                false,
                0L,
                0L,
                rows,
                files,
                files,
                0L,
                now,
                now,
                runId,
                parents,
                project.checksum());
        return new Ledger.Build(
                node.uniqueId(),
                relation,
                layer,
                runId,
                now,
                sqlChecksum,
                node.checksum(),
                project.checksum(),
                parents,
                rows,
                ordering,
                context.compiler(project).codeChecksum(node),
                EventJson.write(event));
    }
}
