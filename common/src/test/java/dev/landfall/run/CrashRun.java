package dev.landfall.run;

import dev.landfall.event.PartitionLanded;
import dev.landfall.lake.DirectReader;
import dev.landfall.lake.LocalLake;
import dev.landfall.project.Project;
import dev.landfall.project.StreamName;
import dev.landfall.project.Target;
import dev.landfall.warehouse.Targets;
import dev.landfall.warehouse.Warehouse;
import dev.landfall.warehouse.WarehouseSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A process that applies what lies in a lake, then builds a mart; made to be killed. */
final class CrashRun {
    static final StreamName THINGS = new StreamName("shop", "things");

    private CrashRun() {}

    /**
     * Applies or refreshes, then builds marts.
     *
     * @param arguments folder, {@code apply} or {@code refresh}
     */
    public static void main(String[] arguments) {
        Path folder = Path.of(arguments[0]);
        Target target = Targets.file("wh.duckdb");
        TestProject templates = templates(target);
        Project project = templates.project();
        try (LocalLake lake = new LocalLake(folder.resolve("lake"));
                Warehouse warehouse = Warehouse.open(target, folder, WarehouseSettings.exclusive("test"))) {
            RunSettings settings = RunSettings.DEFAULT.withMaxBatchBytes(1);
            StreamRunner runner = new StreamRunner(
                    () -> project, warehouse, lake, new DirectReader(lake), settings, any -> templates);
            List<PartitionLanded> landings = TestProject.landings(lake, "landing", "shop", "things");
            LanePosition position = new LanePosition(runner.takeLane(THINGS), 0, landings.size() - 1L);
            List<RunResult> results = new ArrayList<>(
                    arguments[1].equals("refresh")
                            ? runner.fullRefresh(THINGS, List.of(), landings, position, false, result -> {})
                            : runner.apply(THINGS, landings, position, false));
            new EagerMarts(() -> project, warehouse, lake, new DirectReader(lake), settings, any -> templates)
                    .buildStale(results::add);
            results.stream()
                    .filter(result -> !(result instanceof RunResult.Succeeded))
                    .forEach(result -> System.out.println(result));
        }
    }

    static TestProject templates(Target target) {
        return new TestProject(target)
                .stream("shop", "things")
                        .model(
                                "things",
                                Map.of(
                                        "materialized",
                                        "incremental",
                                        "tags",
                                        List.of("shop__things"),
                                        "unique_key",
                                        "thing_id"),
                                (request, vars) -> {
                                    vars.get("files");
                                    return "select id as thing_id, amount, _airbyte_extracted_at, _airbyte_raw_id"
                                            + " from read_parquet('s3://landing/raw/shop/things/**/*')"
                                            + " qualify row_number() over (partition by id order by _airbyte_extracted_at desc)"
                                            + " = 1";
                                })
                        // Without a key, what is applied twice is there twice.
                        .model(
                                "log",
                                Map.of("materialized", "incremental", "tags", List.of("shop__things")),
                                (request, vars) -> {
                                    vars.get("files");
                                    return "select id as thing_id, amount, _airbyte_extracted_at, _airbyte_raw_id"
                                            + " from read_parquet('s3://landing/raw/shop/things/**/*')";
                                })
                        .model(
                                "total",
                                Map.of("materialized", "table"),
                                (request, vars) -> "select sum(amount) as amount from main.things",
                                "things")
                        .model(
                                "twice",
                                Map.of("materialized", "table"),
                                (request, vars) -> "select 2 * amount as amount from main.total",
                                "total");
    }
}
