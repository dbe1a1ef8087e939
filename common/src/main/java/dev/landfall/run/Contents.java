package dev.landfall.run;

import dev.landfall.project.DataTest;
import dev.landfall.project.Model;
import dev.landfall.project.Node;
import dev.landfall.project.Project;
import dev.landfall.project.Relation;
import dev.landfall.template.ColumnInfo;
import dev.landfall.warehouse.Ledger;
import dev.landfall.warehouse.Session;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Whether a relation's rows changed: a mart whose inputs ran again and came to the same rows need not be rebuilt. */
final class Contents {
    private static final Pattern VOLATILE_SQL = Pattern.compile(
            "\\b(now|random|uuid|gen_random_uuid|today|nextval|get_current_\\w+|transaction_timestamp|setseed)\\s*\\("
                    + "|\\b(current_(timestamp|date|time|localtime\\w*)|localtime(stamp)?)\\b",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern VOLATILE_JINJA = Pattern.compile("run_started_at|invocation_id|modules\\.|now\\(");

    private Contents() {}

    /** Whether the same inputs always give the same rows, as far as its text tells. */
    static boolean deterministic(Node node, String compiledSql) {
        return !VOLATILE_SQL.matcher(compiledSql).find()
                && !(node instanceof Model model
                        && VOLATILE_JINJA.matcher(model.definition().rawSql()).find());
    }

    /**
     * Writes into the ledger what a build made and what it was made of, within its transaction.
     *
     * @param version stands for rows that nobody compares
     */
    static void record(
            Session session,
            Ledger ledger,
            Project project,
            Node node,
            Relation relation,
            Materializer.Outcome outcome,
            String version) {
        Set<String> ids = new LinkedHashSet<>(Set.of(node.uniqueId()));
        RunContext.parents(project, node).forEach(parent -> ids.add(parent.uniqueId()));
        Map<String, Ledger.Content> contents = ledger.contents(ids);
        String before =
                contents.getOrDefault(node.uniqueId(), Ledger.Content.UNKNOWN).digest();
        ledger.put(
                node.uniqueId(),
                new Ledger.Content(
                        digest(session, project, node, relation, outcome, before, version),
                        ofParents(project, node, contents)));
    }

    /** @param before the digest of what the build found */
    private static String digest(
            Session session,
            Project project,
            Node node,
            Relation relation,
            Materializer.Outcome outcome,
            String before,
            String version) {
        boolean incremental =
                node instanceof Model model && model.materialized().equals("incremental");
        if (incremental && outcome.inserted() == 0 && outcome.deleted() == 0 && !before.isEmpty()) {
            return before;
        }
        boolean view = node instanceof Model model && model.materialized().equals("view");
        boolean read = project.nodes().values().stream()
                .anyMatch(child ->
                        !(child instanceof DataTest) && child.dependsOn().contains(node.uniqueId()));
        if (incremental || view || !read) {
            return version;
        }
        String columns = session.describe(relation).stream()
                .map((ColumnInfo column) -> column.name() + " " + column.type())
                .collect(Collectors.joining(", "));
        return String.valueOf(session.value(
                "select count(*) || '-' || coalesce(sum(hash(t)), 0) || '-' || md5(?) from " + relation.sql() + " t",
                columns));
    }

    private static Map<String, String> ofParents(Project project, Node node, Map<String, Ledger.Content> contents) {
        Map<String, String> digests = new TreeMap<>();
        RunContext.parents(project, node)
                .forEach(parent -> digests.put(
                        parent.uniqueId(),
                        contents.getOrDefault(parent.uniqueId(), Ledger.Content.UNKNOWN)
                                .digest()));
        return digests;
    }
}
