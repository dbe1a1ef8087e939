package dev.landfall.telemetry;

import dev.landfall.event.ModelFailed;
import dev.landfall.event.ModelMaterialized;
import io.openlineage.client.Clients;
import io.openlineage.client.OpenLineage;
import io.openlineage.client.OpenLineage.InputDataset;
import io.openlineage.client.OpenLineage.OutputDataset;
import io.openlineage.client.OpenLineage.RunEvent.EventType;
import io.openlineage.client.OpenLineageClient;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells OpenLineage what each run read and wrote. Where to is OpenLineage's own configuration: {@code OPENLINEAGE_URL},
 * {@code OPENLINEAGE__TRANSPORT__…} or the file of {@code OPENLINEAGE_CONFIG}; without any, nothing is told. What cannot be told is logged and
 * never fails a run.
 */
public final class Lineage implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Lineage.class);
    private static final URI PRODUCER = URI.create("https://landfall.dev");

    private final OpenLineage events = new OpenLineage(PRODUCER);
    private final @Nullable OpenLineageClient client;
    private final String namespace;

    private Lineage(@Nullable OpenLineageClient client, String namespace) {
        this.client = client;
        this.namespace = namespace;
    }

    /**
     * A table or a prefix in a bucket.
     *
     * @param namespace the system that holds it: {@code s3://landing}, {@code duckdb:///data/warehouse.duckdb}
     * @param name its name there
     * @param columns types by name, in order; empty when they are not known
     */
    public record Dataset(String namespace, String name, Map<String, String> columns) {}

    /**
     * Begins with the environment's configuration.
     *
     * @param environment the process's own; its {@code OPENLINEAGE_NAMESPACE} names the jobs' namespace, else it is
     *     landfall
     */
    public static Lineage open(Map<String, String> environment) {
        String namespace = environment.getOrDefault("OPENLINEAGE_NAMESPACE", "landfall");
        boolean isConfigured = environment.keySet().stream().anyMatch(name -> name.startsWith("OPENLINEAGE_"));
        return new Lineage(isConfigured ? Clients.newClient() : null, namespace);
    }

    static Lineage to(OpenLineageClient client) {
        return new Lineage(client, "landfall");
    }

    public static Lineage off() {
        return new Lineage(null, "landfall");
    }

    /** Whether anybody listens, so that columns are worth asking for. */
    public boolean isOn() {
        return client != null;
    }

    /**
     * A model was built.
     *
     * @param sql the model as the user wrote it
     */
    public void succeeded(ModelMaterialized event, String sql, List<Dataset> inputs, Dataset output) {
        OpenLineage.OutputDatasetOutputFacets statistics = events.newOutputDatasetOutputFacetsBuilder()
                .outputStatistics(events.newOutputStatisticsOutputDatasetFacet(event.rowsInserted(), null, null))
                .build();
        tell(
                EventType.COMPLETE,
                event.finishedAt(),
                run(event.runId(), event.model(), event.startedAt(), event.finishedAt(), null),
                job(event.model(), sql),
                inputs.stream().map(this::input).toList(),
                List.of(events.newOutputDataset(output.namespace(), output.name(), facets(output), statistics)));
    }

    public void failed(ModelFailed event, String sql, List<Dataset> inputs) {
        tell(
                EventType.FAIL,
                event.failedAt(),
                run(event.runId(), event.model(), event.startedAt(), event.failedAt(), event.error()),
                job(event.model(), sql),
                inputs.stream().map(this::input).toList(),
                List.of());
    }

    private OpenLineage.Run run(String runId, String model, Instant start, Instant end, @Nullable String error) {
        OpenLineage.RunFacetsBuilder facets =
                events.newRunFacetsBuilder().nominalTime(events.newNominalTimeRunFacet(utc(start), utc(end)));
        if (error != null) {
            facets.errorMessage(events.newErrorMessageRunFacet(error, "SQL", null));
        }
        // One run of a lane builds several models; to OpenLineage each is a run.
        UUID id = UUID.nameUUIDFromBytes((runId + " " + model).getBytes(StandardCharsets.UTF_8));
        return events.newRun(id, facets.build());
    }

    private OpenLineage.Job job(String model, String sql) {
        return events.newJob(
                namespace,
                model,
                events.newJobFacetsBuilder()
                        .jobType(events.newJobTypeJobFacet("BATCH", "LANDFALL", "MODEL"))
                        .sql(events.newSQLJobFacet(sql))
                        .build());
    }

    private InputDataset input(Dataset dataset) {
        return events.newInputDataset(dataset.namespace(), dataset.name(), facets(dataset), null);
    }

    private OpenLineage.DatasetFacets facets(Dataset dataset) {
        OpenLineage.DatasetFacetsBuilder facets = events.newDatasetFacetsBuilder();
        if (!dataset.columns().isEmpty()) {
            facets.schema(events.newSchemaDatasetFacet(dataset.columns().entrySet().stream()
                    .map(column -> events.newSchemaDatasetFacetFields(column.getKey(), column.getValue(), null, null))
                    .toList()));
        }
        return facets.build();
    }

    private void tell(
            EventType type,
            Instant time,
            OpenLineage.Run run,
            OpenLineage.Job job,
            List<InputDataset> inputs,
            List<OutputDataset> outputs) {
        if (client == null) {
            return;
        }
        try {
            client.emit(events.newRunEvent(utc(time), type, run, job, inputs, outputs));
        } catch (RuntimeException e) {
            log.warn("lineage of {} could not be told: {}", job.getName(), e.getMessage());
        }
    }

    private static ZonedDateTime utc(Instant instant) {
        return instant.atZone(ZoneOffset.UTC);
    }

    @Override
    public void close() {
        if (client != null) {
            try {
                client.close();
            } catch (Exception e) {
                log.warn("the last lineage events could not be told: {}", e.getMessage());
            }
        }
    }
}
