package dev.landfall.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.event.PartitionLanded;
import dev.landfall.lake.DirectReader;
import dev.landfall.lake.LocalLake;
import dev.landfall.project.Project;
import dev.landfall.project.StreamName;
import dev.landfall.template.ProjectLoader;
import dev.landfall.template.ProjectOptions;
import dev.landfall.testing.ParquetFiles;
import dev.landfall.warehouse.Warehouse;
import dev.landfall.warehouse.WarehouseSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The model that the guide prints, to the letter, in a project of its own. */
class GuideModelTest {
    private static final String MODEL = """
            {{ config(tags=['core', 'shop__things'], materialized='incremental', unique_key='thing_id', incremental_strategy='delete+insert') }}
            {% if is_incremental() %}
              {% set partition_query %}
                select max(year) as max_year, max(month) as max_month, max(day) as max_day from {{ this }}
              {% endset %}
              {% set results = run_query(partition_query) %}
              {% set max_year = results.columns[0][0] %}
              {% set max_month = results.columns[1][0] %}
              {% set max_day = results.columns[2][0] %}
            {% endif %}
            select id as thing_id, attributes::JSON->>'$.email' as email, cast(amount as decimal(10,2)) as amount,
                   created_at, updated_at, _airbyte_extracted_at, year, month, day
            from read_parquet('s3://landing/raw/shop/things/**/*', hive_partitioning=true)
            {% if is_incremental() %}
            where year = '{{ max_year }}' and month = '{{ max_month }}' and day >= '{{ max_day }}'
            {% endif %}
            qualify row_number() over (partition by id order by _airbyte_extracted_at desc) = 1
            """;
    private static final StreamName THINGS = new StreamName("shop", "things");
    private static final String COLUMNS = "thing_id, email, amount, created_at, updated_at, _airbyte_extracted_at";

    @TempDir
    private Path folder;

    private final ParquetFiles parquet = new ParquetFiles();
    private final Random random = new Random(7);

    private Project project() throws Exception {
        write("dbt_project.yml", "name: shop\nversion: '1.0'\nprofile: shop\nmodel-paths: [models]\n");
        write(
                "profiles.yml",
                "shop:\n  target: dev\n  outputs:\n    dev: {type: duckdb, path: wh.duckdb, threads: 1}\n");
        write("streams/shop/things.json", "{}");
        write("models/int_shop__things.sql", MODEL);
        return ProjectLoader.load(new ProjectOptions(folder, folder, null, Map.of(), Map.of()));
    }

    private void write(String file, String text) throws IOException {
        Path path = folder.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text, StandardCharsets.UTF_8);
    }

    private void land(LocalDate day, String file, LocalDate extracted) {
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            int id = random.nextInt(60);
            rows.add("(" + id + ", '{\"email\": \"" + id + "@x\"}', " + random.nextInt(1000) + ".5, '" + extracted + " "
                    + String.format(
                            "%02d:%02d:%02d.%03d", random.nextInt(24), i, random.nextInt(60), random.nextInt(1000))
                    + "Z')");
        }
        parquet.land(
                folder.resolve("lake"),
                "landing",
                String.format(
                        "raw/shop/things/year=%d/month=%02d/day=%02d/%s.parquet",
                        day.getYear(), day.getMonthValue(), day.getDayOfMonth(), file),
                "select id, attributes, amount::double as amount, seen::timestamptz as created_at,"
                        + " seen::timestamptz as updated_at, seen::timestamptz as _airbyte_extracted_at from (values "
                        + String.join(", ", rows) + ") as t(id, attributes, amount, seen)");
    }

    @Test
    void runsUnmodifiedOverMonthAndYearEndAndLosesNothing() throws Exception {
        Project project = project();
        Path root = Files.createDirectories(folder.resolve("lake"));
        Files.createDirectories(root.resolve("landing"));
        List<String> warnings = new ArrayList<>();
        try (LocalLake lake = new LocalLake(root);
                Warehouse warehouse =
                        Warehouse.open(project.target(), project.directory(), WarehouseSettings.exclusive("test"))) {
            StreamRunner runner =
                    new StreamRunner(() -> project, warehouse, lake, new DirectReader(lake), RunSettings.DEFAULT);
            long lane = runner.takeLane(THINGS);
            int offset = 0;
            for (LocalDate day = LocalDate.of(2025, 12, 27);
                    !day.isAfter(LocalDate.of(2026, 2, 3));
                    day = day.plusDays(3)) {
                land(day, "part-0", day);
                if (day.getDayOfMonth() % 2 == 0) {
                    land(day.minusDays(6), "late", day.minusDays(5));
                }
                List<PartitionLanded> landings =
                        new ArrayList<>(TestProject.landings(lake, "landing", "shop", "things"));
                Collections.shuffle(landings, random);
                for (RunResult result : runner.apply(THINGS, landings, new LanePosition(lane, offset, offset), false)) {
                    assertThat(result).as("%s", result).isInstanceOf(RunResult.Succeeded.class);
                    warnings.addAll(((RunResult.Succeeded) result).warnings());
                }
                offset++;

                assertThat(rows(warehouse, "select " + COLUMNS + " from int_shop__things order by 1"))
                        .as("after %s", day)
                        .isEqualTo(rows(
                                warehouse,
                                "select id, attributes::json->>'$.email', amount::decimal(10,2), created_at, updated_at,"
                                        + " _airbyte_extracted_at from read_parquet('" + root
                                        + "/landing/**/*.parquet')"
                                        + " qualify row_number() over (partition by id order by _airbyte_extracted_at"
                                        + " desc) = 1 order by 1"));
            }
        }
        assertThat(warnings)
                .as("the warning comes once and names the remedy")
                .singleElement()
                .asString()
                .contains("int_shop__things", "{{ landed_partitions() }}");
    }

    private static List<List<Object>> rows(Warehouse warehouse, String sql) {
        return warehouse.with("test", session -> {
            List<List<Object>> rows = new ArrayList<>();
            session.query(sql).rows().forEach(row -> rows.add(new ArrayList<>(row)));
            return rows;
        });
    }
}
