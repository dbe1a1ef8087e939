package dev.landfall.telemetry;

import dev.landfall.event.ModelFailed;
import dev.landfall.event.ModelMaterialized;
import dev.landfall.run.RunResult;
import dev.landfall.telemetry.Traces.Done;
import java.util.Collection;
import java.util.Map;

/** Lets others see what became of runs: counts them, makes spans of them, tells their lineage. */
public final class RunWatch implements AutoCloseable {
    private final RunMetrics metrics;
    private final Traces traces;
    private final RunLineage lineage;

    public RunWatch(RunMetrics metrics, Traces traces, RunLineage lineage) {
        this.metrics = metrics;
        this.traces = traces;
        this.lineage = lineage;
    }

    public RunMetrics metrics() {
        return metrics;
    }

    /**
     * Takes a result in.
     *
     * @param causes what came with the events that led to it
     * @return what is to travel with the event that tells of it
     */
    public Trail ran(RunResult result, Collection<Trail> causes) {
        metrics.add(result);
        lineage.add(result);
        return new Trail(trace(result, causes), Trail.newest(causes));
    }

    private String trace(RunResult result, Collection<Trail> causes) {
        if (result instanceof RunResult.Succeeded succeeded && !succeeded.repeated()) {
            ModelMaterialized event = succeeded.event();
            return traces.record(new Done(
                    "run " + event.model(),
                    Trail.traces(causes),
                    event.startedAt(),
                    event.finishedAt(),
                    Trail.attributes(event),
                    null));
        }
        if (result instanceof RunResult.Failed failed) {
            ModelFailed event = failed.event();
            return traces.record(new Done(
                    "run " + event.model(),
                    Trail.traces(causes),
                    event.startedAt(),
                    event.failedAt(),
                    Map.of("landfall.model", event.model(), "landfall.run_id", event.runId()),
                    event.error()));
        }
        return Trail.traces(causes).stream().findFirst().orElse("");
    }

    @Override
    public void close() {
        lineage.close();
        traces.close();
    }
}
