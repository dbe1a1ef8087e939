package dev.landfall.standalone;

import dev.landfall.event.LaneStatus;
import dev.landfall.event.ModelStatus;
import dev.landfall.project.InvalidProjectException;
import dev.landfall.project.Model;
import dev.landfall.project.Project;
import dev.landfall.warehouse.Ledger;
import dev.landfall.warehouse.Warehouse;
import dev.landfall.warehouse.WarehouseSettings;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** Tells how the running services, their streams and their models stand. */
@Command(
        name = "status",
        description = {
            "Show what landed, what is applied, what waits and why.",
            "Asks the services through Kafka: those of 'landfall up' on this project, else those at",
            "$SPRING_KAFKA_BOOTSTRAP_SERVERS. Where none run, shows what the warehouse itself knows."
        },
        sortOptions = false)
final class StatusCommand implements Callable<Integer> {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

    private final Landfall landfall;

    StatusCommand(Landfall landfall) {
        this.landfall = landfall;
    }

    @Override
    public Integer call() throws InvalidProjectException {
        Console console = landfall.console();
        Optional<RunningSystem> system = RunningSystem.find(landfall);
        if (system.isEmpty()) {
            console.line(
                    "services  none: 'landfall up' does not run on this warehouse, and SPRING_KAFKA_BOOTSTRAP_SERVERS"
                            + " names no broker");
            console.line("");
            ledger(landfall.project()).lines().forEach(console::line);
            return Landfall.FINE;
        }
        StatusTopic status = system.get().status();
        console.line("broker    " + system.get().where());
        console.line("services  " + (status.services().isEmpty() ? "none has spoken yet" : status.servicesInWords()));
        console.line("");
        streams(status).lines().forEach(console::line);
        console.line("");
        models(status).lines().forEach(console::line);
        TextTable requests = requests(status);
        if (!requests.isEmpty()) {
            console.line("");
            requests.lines().forEach(console::line);
        }
        status.streams().values().forEach(lane -> inFull(lane.stream(), lane.error() == null ? "" : lane.error()));
        status.models().values().forEach(model -> inFull(PipelineLines.name(model.model()), model.reason()));
        return healthy(status) ? Landfall.FINE : Landfall.FAILED;
    }

    /** What the warehouse itself knows. */
    private static TextTable ledger(Project project) {
        TextTable table = new TextTable(List.of("model", "layer", "built", "rows", "files"));
        table.alignRight(3).alignRight(4);
        try (Warehouse warehouse =
                Warehouse.open(project.target(), project.directory(), WarehouseSettings.shared("landfall status"))) {
            warehouse.with("status", session -> {
                Optional<Ledger> ledger = Ledger.find(session, project.target().database());
                Map<String, Ledger.Build> builds = ledger.map(Ledger::builds).orElse(Map.of());
                for (Model model : project.models()) {
                    Ledger.Build build = builds.get(model.uniqueId());
                    table.row(List.of(
                            model.name(),
                            project.streamOf(model).isPresent() ? "core" : "mart",
                            build == null ? "never" : time(build.at()),
                            build == null ? "" : number(build.rows()),
                            ledger.isPresent() && project.streamOf(model).isPresent()
                                    ? number(ledger.get().applied(model.uniqueId()))
                                    : ""));
                }
                return table;
            });
        }
        return table;
    }

    private static boolean healthy(StatusTopic status) {
        return status.streams().values().stream().noneMatch(lane -> lane.state().equals("failing"))
                && status.models().values().stream()
                        .noneMatch(model -> model.state().equals("failing"))
                && status.services().values().stream()
                        .noneMatch(service -> service.state().equals("down"));
    }

    private TextTable streams(StatusTopic status) {
        TextTable table = new TextTable(List.of("stream", "last landing", "seen", "state", "waiting", "why"));
        table.alignRight(4);
        for (LaneStatus lane : status.streams().values()) {
            table.row(List.of(
                    lane.stream(),
                    lane.lastPartition() == null ? "" : lane.lastPartition(),
                    time(lane.lastLandedAt()),
                    lane.state(),
                    String.valueOf(lane.waiting()),
                    why(lane)));
        }
        return table;
    }

    /** What takes more than the line of a table. */
    private void inFull(String name, String reason) {
        if (!firstLine(reason).equals(reason)) {
            landfall.console().line("");
            landfall.console().line(name + ":");
            reason.lines().forEach(line -> landfall.console().line(("  " + line).stripTrailing()));
        }
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }

    private static String why(LaneStatus lane) {
        String error = lane.error() == null ? "" : firstLine(lane.error());
        Instant next = lane.nextTry();
        return next == null
                ? error
                : error + " (tries again in "
                        + Math.max(0, Duration.between(Instant.now(), next).toSeconds()) + " s)";
    }

    /** What was asked for and is not done. */
    private static TextTable requests(StatusTopic status) {
        TextTable table = new TextTable(List.of("request", "of", "state", "done", "since", "why"));
        status.requests().forEach((id, request) -> {
            if (request.state().equals("running") || request.state().equals("waiting")) {
                table.row(List.of(
                        id,
                        request.stream().isEmpty() ? "marts" : request.stream(),
                        request.state(),
                        request.total() == 0 ? "" : request.done() + " of " + request.total(),
                        time(request.startedAt()),
                        request.message()));
            }
        });
        return table;
    }

    private TextTable models(StatusTopic status) {
        TextTable table =
                new TextTable(List.of("model", "layer", "state", "last run", "seconds", "rows", "files", "why"));
        table.alignRight(4).alignRight(5).alignRight(6);
        for (ModelStatus model : status.models().values()) {
            Double seconds = model.seconds();
            table.row(List.of(
                    PipelineLines.name(model.model()),
                    model.layer(),
                    model.state(),
                    time(model.lastRunAt()),
                    seconds == null ? "" : String.format(Locale.ROOT, "%.2f", seconds),
                    number(model.rows()),
                    files(model),
                    Stream.of(
                                    firstLine(model.reason()),
                                    model.note(),
                                    setAside(model) ? "see landfall dead-letters" : "")
                            .filter(text -> !text.isEmpty())
                            .collect(Collectors.joining("; "))));
        }
        return table;
    }

    private static boolean setAside(ModelStatus model) {
        Long dead = model.filesDead();
        return dead != null && dead > 0;
    }

    private static String files(ModelStatus model) {
        return number(model.filesApplied()) + (setAside(model) ? " (" + model.filesDead() + " set aside)" : "");
    }

    private static String number(@Nullable Long number) {
        return number == null ? "" : String.format(Locale.ROOT, "%,d", number);
    }

    private static String time(@Nullable Instant instant) {
        return instant == null ? "" : TIME.format(instant.atZone(ZoneId.systemDefault()));
    }
}
