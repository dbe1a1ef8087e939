package dev.landfall.standalone;

import dev.landfall.event.EventException;
import dev.landfall.event.EventJson;
import dev.landfall.event.RequestStatus;
import dev.landfall.event.RunRequested;
import dev.landfall.project.InvalidProjectException;
import dev.landfall.project.Model;
import dev.landfall.project.Project;
import dev.landfall.project.StreamName;
import dev.landfall.run.Audit;
import dev.landfall.run.StreamRunner;
import dev.landfall.standalone.Requests.Asked;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Compares core tables with what the lake makes of them. */
@Command(
        name = "audit",
        description = {
            "Rebuild core models from the lake in scratch tables and compare: equal, or the keys that differ.",
            "Reads the files that the ledger has as applied, and writes nothing that stays. Where services run, the",
            "owner of the stream does it between two runs; else this process does."
        },
        footer = {"", "Example: landfall audit int_shopify__orders --sample 3"},
        sortOptions = false)
final class AuditCommand implements Callable<Integer> {
    private final Landfall landfall;

    @Parameters(paramLabel = "MODEL", arity = "0..*", description = "Names of core models.")
    private List<String> names = new ArrayList<>();

    @Option(names = "--all", description = "Every core model.")
    private boolean all;

    @Option(
            names = "--sample",
            paramLabel = "N",
            description = "So many differing keys are shown with both rows, 100 at most. Default: 10.")
    private int sample = 10;

    AuditCommand(Landfall landfall) {
        this.landfall = landfall;
    }

    @Override
    public Integer call() throws InvalidProjectException {
        if (all != names.isEmpty()) {
            throw landfall.usage(all ? "name models or --all, not both" : "name a core model, or --all");
        }
        if (sample < 0) {
            throw landfall.usage("--sample is 0 or more, not " + sample);
        }
        Map<StreamName, List<String>> models = models(landfall.project());
        Optional<RunningSystem> system = RunningSystem.find(landfall).filter(each -> each.isUp("core-runner"));
        return system.isPresent() ? ask(system.get(), models) : audit(models);
    }

    private Map<StreamName, List<String>> models(Project project) {
        Map<StreamName, List<String>> models = new LinkedHashMap<>();
        for (Model model : project.models()) {
            Optional<StreamName> stream = project.streamOf(model);
            if (stream.isPresent() && !model.ephemeral() && (all || names.contains(model.name()))) {
                models.computeIfAbsent(stream.get(), first -> new ArrayList<>()).add(model.uniqueId());
            }
        }
        for (String name : names) {
            if (models.values().stream().flatMap(List::stream).noneMatch(id -> id.endsWith("." + name))) {
                boolean isMart = project.model(name).isPresent();
                throw landfall.usage(
                        isMart
                                ? name + " bears no stream's tag: only core models are audited against the lake. A mart"
                                        + " is rebuilt by landfall run --full-refresh -s " + name
                                : "there is no model " + name);
            }
        }
        return models;
    }

    private int ask(RunningSystem system, Map<StreamName, List<String>> models) {
        List<Asked> asked = new ArrayList<>();
        models.forEach((stream, ids) -> asked.add(new Asked(
                new RunRequested(
                        UUID.randomUUID().toString(),
                        RunRequested.AUDIT,
                        stream.toString(),
                        ids,
                        List.of(),
                        List.of(),
                        false,
                        false,
                        Instant.now(),
                        (long) sample),
                stream + " audit",
                "model")));
        List<RequestStatus> ends = new Requests(system, landfall.console()).run(asked);
        int code = ReplayCommand.report(landfall, asked, ends);
        for (RequestStatus end : ends) {
            if (end.state().equals("done")) {
                for (Audit audit : read(end.message())) {
                    code = Math.max(code, print(audit));
                }
            }
        }
        return code;
    }

    private static List<Audit> read(String json) {
        List<Audit> audits = new ArrayList<>();
        try {
            for (JsonNode each : JsonMapper.shared().readTree(json)) {
                audits.add(EventJson.read(Audit.class, each.toString()));
            }
            return audits;
        } catch (EventException | tools.jackson.core.JacksonException e) {
            throw new IllegalStateException(
                    "core-runner's answer is not understood; is it of another version? " + e.getMessage(), e);
        }
    }

    private int audit(Map<StreamName, List<String>> models) throws InvalidProjectException {
        int code = Landfall.FINE;
        try (OneShot oneShot = OneShot.open(landfall)) {
            StreamRunner runner = oneShot.streams();
            for (Map.Entry<StreamName, List<String>> each : models.entrySet()) {
                for (String model : each.getValue()) {
                    code = Math.max(code, print(runner.audit(each.getKey(), model, List.of(), Math.min(sample, 100))));
                }
            }
        }
        return code;
    }

    private int print(Audit audit) {
        Console console = landfall.console();
        String name = PipelineLines.name(audit.model());
        if (audit.problem() != null) {
            console.error(name + " could not be audited: " + audit.problem());
            return Landfall.FAILED;
        }
        String rows = PipelineLines.count(audit.tableRows(), "row") + " of "
                + PipelineLines.count(audit.files() + audit.gone(), "file")
                + (audit.gone() == 0
                        ? ""
                        : String.format(Locale.ROOT, ", %,d of which the lake has no more", audit.gone()));
        if (audit.differing() == 0) {
            console.line(console.green("equal") + "   " + name + ": " + rows + ", digest " + audit.tableDigest());
            return Landfall.FINE;
        }
        String ties = audit.ties() == 0
                ? ""
                : ", of which " + audit.ties() + " in versions of one sequence: either may be right";
        console.line((audit.equal() ? console.green("equal") + "   " : console.red("differs") + " ") + name + ": "
                + rows
                + String.format(
                        Locale.ROOT, ", the lake makes %,d rows; %,d differ", audit.lakeRows(), audit.differing())
                + ties);
        for (Audit.Difference difference : audit.sample()) {
            console.line("  " + difference.key() + (difference.tie() ? " (same sequence)" : ""));
            console.line("    table  " + (difference.tableRow() == null ? "has no such row" : difference.tableRow()));
            console.line("    lake   " + (difference.lakeRow() == null ? "has no such row" : difference.lakeRow()));
        }
        if (!audit.equal()) {
            console.line(
                    audit.gone() == 0
                            ? "  mend it: landfall run --full-refresh -s " + name
                            : "  what came of files that are gone is nowhere else: a full refresh would lose it. Apply the"
                                    + " others again: landfall replay STREAM");
        }
        return audit.equal() ? Landfall.FINE : Landfall.FAILED;
    }
}
