package dev.landfall.standalone;

import dev.landfall.lake.LakeSettings;
import dev.landfall.project.Project;
import dev.landfall.template.ProjectLoader;
import dev.landfall.template.ProjectOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/**
 * Goes once through everything on a tiny project in a temporary directory, so that the JVM can write down which classes
 * that takes: the launcher has it do so after each build, and every start after it is faster.
 */
@Command(name = "rehearse", hidden = true)
final class RehearseCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final Map<String, String> FILES = Map.of(
            "dbt_project.yml",
            "name: rehearsal\nprofile: rehearsal\nmodel-paths: [core, marts]\n",
            "profiles.yml",
            "rehearsal: {target: dev, outputs: {dev: {type: duckdb, path: rehearsal.duckdb, threads: 2}}}\n",
            "streams/shop/things.json",
            "{}",
            "core/_shop__sources.yml",
            """
            sources:
              - name: shop
                meta: {external_location: "read_parquet('s3://landing/raw/shop/{name}/**/*.parquet')"}
                tables: [{name: things}]
            """,
            "core/things.sql",
            """
            {{ config(materialized='incremental', unique_key='id', tags=['shop__things']) }}
            {% set columns = ['id', 'amount'] %}
            select {% for column in columns %}{{ column }}, {% endfor %} _airbyte_extracted_at
            from {{ source('shop', 'things') }}
            """,
            "core/schema.yml",
            "models: [{name: things, columns: [{name: id, tests: [unique, not_null]}]}]\n",
            "marts/totals.sql",
            "{{ config(materialized='table') }} select sum(amount) as amount from {{ ref('things') }}");

    @Override
    public Integer call() throws Exception {
        Path directory = Files.createTempDirectory("landfall-rehearsal-");
        try (PrintStream silence = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
            for (Map.Entry<String, String> file : FILES.entrySet()) {
                Path path = directory.resolve("project").resolve(file.getKey());
                Files.createDirectories(path.getParent());
                Files.writeString(path, file.getValue());
            }
            Console console = new Console(silence, silence, false);
            services(directory, console);
            commands(directory, console);
        } finally {
            delete(directory);
        }
        return Landfall.FINE;
    }

    private static void services(Path directory, Console console) throws Exception {
        ProjectOptions options = ProjectOptions.of(directory.resolve("project"));
        Project project = ProjectLoader.load(options);
        LakeSettings lake = LakeSettings.of(directory.resolve("data/lake").toString());
        Logs.toFile(directory.resolve("data/logs/landfall.log"));
        PipelineLines lines = new PipelineLines(console, Instant.now());
        Map<String, String> hurry = Map.of("landfall.sensor.poll", "200ms", "landfall.sensor.quiet-period", "0s");
        try (Pipeline pipeline = Pipeline.start(directory.resolve("data"), project, options, "{}", lake, hurry);
                EventFeed feed = EventFeed.start(pipeline.bootstrapServers(), pipeline.topics(), lines);
                Freshness freshness = new Freshness(project, pipeline.warehouse(), lake)) {
            Objects.requireNonNull(feed);
            for (String day : new String[] {"30", "31"}) {
                land(directory.resolve("data/lake/landing/raw/shop/things/year=2026/month=01/day=" + day));
                freshness.await(PATIENCE);
            }
            landfall(directory, console).run("query", "select * from totals");
            landfall(directory, console).run("status");
        }
    }

    private static void commands(Path directory, Console console) {
        landfall(directory, console).run("parse");
        landfall(directory, console).run("ls");
        landfall(directory, console).run("compile");
        landfall(directory, console).run("run");
        landfall(directory, console).run("test");
        landfall(directory, console).run("query", "select * from totals", "--format", "csv");
        landfall(directory, console).run("--help");
    }

    private static Landfall landfall(Path directory, Console console) {
        return new Landfall(console, new Surroundings(Map.of(), directory.resolve("project"), null));
    }

    private static void land(Path folder) throws IOException, SQLException {
        Files.createDirectories(folder);
        Path file = folder.resolve("things.parquet");
        Path temporary = folder.resolve(".things.parquet");
        try (Statement duckdb = DriverManager.getConnection("jdbc:duckdb:").createStatement()) {
            duckdb.execute("copy (select range as id, range * 1.5 as amount, now() as _airbyte_extracted_at from"
                    + " range(10)) to '" + temporary + "' (format parquet)");
        }
        Files.move(temporary, file);
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
