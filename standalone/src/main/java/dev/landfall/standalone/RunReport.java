package dev.landfall.standalone;

import dev.landfall.artifact.Artifacts;
import dev.landfall.project.DataTest;
import dev.landfall.project.Model;
import dev.landfall.project.Node;
import dev.landfall.project.Project;
import dev.landfall.project.Relation;
import dev.landfall.project.Seed;
import dev.landfall.project.Snapshot;
import dev.landfall.run.NodeResult;
import dev.landfall.run.NodeResult.Status;
import dev.landfall.run.ProjectRun;
import dev.landfall.run.RunListener;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Tells a one-shot command's progress and outcome in dbt's words. */
final class RunReport implements RunListener {
    private final Console console;
    private final Project project;
    private final Artifacts artifacts;
    private final LiveLine live;

    RunReport(Console console, Project project, Artifacts artifacts) {
        this.console = console;
        this.project = project;
        this.artifacts = artifacts;
        this.live = new LiveLine(console, InstantSource.system());
    }

    /** Runs the nodes, prints what becomes of them, and returns the command's exit code. */
    int run(ProjectRun run, Collection<String> ids, ProjectRun.Flags flags) {
        console.progress(ProjectSummary.of(project));
        artifacts.manifest(Map.of());
        console.progress("");
        if (ids.isEmpty()) {
            console.progress("Nothing to do: no node matches the selection.");
            artifacts.runResults(List.of(), Duration.ZERO);
            return Landfall.FINE;
        }
        console.progress("Concurrency: " + flags.threads() + (flags.threads() == 1 ? " thread" : " threads")
                + " (target='" + project.target().name() + "')");
        console.progress("");
        ProjectRun.Report report;
        try (live) {
            report = run.run(ids, flags, this);
        }
        leave(report);
        close(report);
        return report.success() ? Landfall.FINE : Landfall.FAILED;
    }

    private void leave(ProjectRun.Report report) {
        Map<String, String> compiled = new HashMap<>();
        for (NodeResult result : report.results()) {
            String sql = result.compiledSql();
            if (sql != null) {
                compiled.put(result.node().uniqueId(), sql);
            }
        }
        artifacts.manifest(compiled);
        artifacts.runResults(report.results(), report.elapsed());
    }

    @Override
    public void started(Node node, int index, int total) {
        live.started(node, total);
        console.progress(ProgressLine.of(index, total, "START " + describe(node), "RUN"));
    }

    @Override
    public void finished(NodeResult result, int index, int total) {
        live.finished(result.node());
        String took = " in " + ProgressLine.seconds(result.duration());
        Node node = result.node();
        String what = describe(node);
        Status status = result.status();
        console.progress(
                switch (status) {
                    case SUCCESS, NO_OP ->
                        ProgressLine.of(
                                index,
                                total,
                                "OK " + done(node) + what,
                                console.green(firstLine(result.message())) + took);
                    case PARTIAL_SUCCESS ->
                        ProgressLine.of(
                                index, total, "PARTIAL SUCCESS " + what, console.yellow("PARTIAL SUCCESS") + took);
                    case ERROR ->
                        ProgressLine.of(index, total, "ERROR " + doing(node) + what, console.red("ERROR") + took);
                    case SKIPPED -> ProgressLine.of(index, total, "SKIP " + what, console.yellow("SKIP"));
                    case PASS -> ProgressLine.of(index, total, "PASS " + node.name(), console.green("PASS") + took);
                    case FAIL ->
                        ProgressLine.of(
                                index,
                                total,
                                "FAIL " + result.failures() + " " + node.name(),
                                console.red("FAIL " + result.failures()) + took);
                    case WARN ->
                        ProgressLine.of(
                                index,
                                total,
                                "WARN " + result.failures() + " " + node.name(),
                                console.yellow("WARN " + result.failures()) + took);
                });
        result.warnings().forEach(warning -> console.warning(warning));
    }

    private void close(ProjectRun.Report report) {
        console.progress("");
        console.progress(
                "Finished running " + counts(report.results()) + " in " + ProgressLine.clock(report.elapsed()) + ".");
        console.progress("");
        List<NodeResult> notable = report.results().stream()
                .filter(result -> result.status().bad() || result.status() == Status.WARN)
                .toList();
        console.progress(
                notable.isEmpty() && report.hookProblems().isEmpty()
                        ? console.green("Completed successfully")
                        : report.success()
                                ? console.yellow("Completed with " + count(notable.size(), "warning"))
                                : console.red("Completed with " + counted(report)));
        report.hookProblems().forEach(problem -> {
            console.progress("");
            console.progress(
                    console.red("Error") + " in " + problem.lines().findFirst().orElse(""));
            problem.lines().skip(1).forEach(line -> console.progress("  " + line));
        });
        notable.forEach(this::explain);
        console.progress("");
        console.progress("Done. PASS=" + count(report, Status.SUCCESS, Status.PASS)
                + " WARN=" + count(report, Status.WARN)
                + " ERROR="
                + (count(report, Status.ERROR, Status.FAIL, Status.PARTIAL_SUCCESS)
                        + report.hookProblems().size())
                + " SKIP=" + count(report, Status.SKIPPED)
                + " NO-OP=" + count(report, Status.NO_OP)
                + " TOTAL=" + report.results().size());
    }

    private void explain(NodeResult result) {
        Node node = result.node();
        String head = switch (result.status()) {
            case FAIL -> console.red("Failure");
            case WARN -> console.yellow("Warning");
            default -> console.red("Error");
        };
        console.progress("");
        console.progress(head + " in " + node.resourceType() + " " + node.name() + " (" + node.file() + ")");
        result.message().lines().forEach(line -> console.progress("  " + line));
    }

    private static String counted(ProjectRun.Report report) {
        List<NodeResult> results = report.results();
        long errors = report.hookProblems().size()
                + results.stream().filter(result -> result.status().bad()).count();
        long warnings = results.stream()
                .filter(result -> result.status() == Status.WARN)
                .count();
        return count(errors, "error") + (warnings == 0 ? "" : " and " + count(warnings, "warning"));
    }

    /** {@code 10 incremental models, 1 table model}. */
    private static String counts(List<NodeResult> results) {
        Map<String, Integer> counts = new TreeMap<>();
        for (NodeResult result : results) {
            counts.merge(kind(result.node()), 1, Integer::sum);
        }
        List<String> parts = new ArrayList<>();
        counts.forEach((kind, count) -> parts.add(count(count, kind)));
        return parts.isEmpty() ? "nothing" : String.join(", ", parts);
    }

    private static String kind(Node node) {
        if (node instanceof Model model) {
            return model.materialized() + " model";
        }
        return node instanceof DataTest ? "data test" : node.resourceType().replace('_', ' ');
    }

    private static String count(long count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }

    private static long count(ProjectRun.Report report, Status... statuses) {
        return report.results().stream()
                .filter(result -> List.of(statuses).contains(result.status()))
                .count();
    }

    private static String describe(Node node) {
        if (node instanceof Model model) {
            return "sql " + model.materialized() + " model " + name(model.relation());
        }
        if (node instanceof Seed seed) {
            return "seed file " + name(seed.relation());
        }
        if (node instanceof Snapshot snapshot) {
            return "snapshot " + name(snapshot.relation());
        }
        return node.resourceType() + " " + node.name();
    }

    private static String done(Node node) {
        return node instanceof Seed ? "loaded " : node instanceof Snapshot ? "snapshotted " : "created ";
    }

    private static String doing(Node node) {
        return node instanceof Seed
                ? "loading "
                : node instanceof Snapshot ? "snapshotting " : node instanceof Model ? "creating " : "";
    }

    private static String name(Relation relation) {
        return relation.schema() == null ? relation.identifier() : relation.schema() + "." + relation.identifier();
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }
}
