package dev.landfall.standalone;

import dev.landfall.event.RunRequested;
import dev.landfall.project.Model;
import dev.landfall.project.Project;
import dev.landfall.project.StreamName;
import dev.landfall.standalone.Requests.Asked;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * {@code run --full-refresh} where services run: they build the models anew in the shadow and swap, core models first,
 * then the marts that were named.
 */
final class RunningRefresh {
    private final Landfall landfall;
    private final RunningSystem system;
    private final boolean force;

    private RunningRefresh(Landfall landfall, RunningSystem system, boolean force) {
        this.landfall = landfall;
        this.system = system;
        this.force = force;
    }

    /** The services that keep the project's models; empty where none run. */
    static Optional<RunningRefresh> find(Landfall landfall, boolean force)
            throws dev.landfall.project.InvalidProjectException {
        return RunningSystem.find(landfall)
                .filter(system -> {
                    StatusTopic status = system.status();
                    return RunningSystem.isUp(status, "core-runner") || RunningSystem.isUp(status, "mart-runner");
                })
                .map(system -> new RunningRefresh(landfall, system, force));
    }

    /** Refreshes these nodes, unique ids in graph order; gives the exit code. */
    int run(Project project, List<String> ids) {
        Map<StreamName, List<String>> core = new LinkedHashMap<>();
        List<String> marts = new ArrayList<>();
        for (String id : ids) {
            Optional<StreamName> stream = Optional.ofNullable(project.nodes().get(id))
                    .filter(Model.class::isInstance)
                    .flatMap(node -> project.streamOf((Model) node));
            if (stream.isPresent()) {
                core.computeIfAbsent(stream.get(), first -> new ArrayList<>()).add(id);
            } else {
                marts.add(id);
            }
        }
        landfall.console()
                .line("The services at " + system.where() + " refresh " + PipelineLines.count(ids.size(), "model")
                        + "; the old tables serve until then.");
        List<Asked> asked = new ArrayList<>();
        core.forEach((stream, models) -> asked.add(asked(stream.toString(), models, "file")));
        int code = ReplayCommand.run(landfall, system, asked, false);
        if (marts.isEmpty()) {
            return code;
        }
        if (code != Landfall.FINE) {
            landfall.console()
                    .error("not refreshed, since they come after the core models: "
                            + marts.stream().map(PipelineLines::name).collect(Collectors.joining(", ")));
            return code;
        }
        return ReplayCommand.run(landfall, system, List.of(asked("", marts, "model")), false);
    }

    private Asked asked(String stream, List<String> models, String unit) {
        RunRequested request = new RunRequested(
                UUID.randomUUID().toString(),
                RunRequested.FULL_REFRESH,
                stream,
                models,
                List.of(),
                List.of(),
                true,
                force,
                Instant.now());
        return new Asked(request, (stream.isEmpty() ? "marts" : stream) + " full-refresh", unit);
    }
}
