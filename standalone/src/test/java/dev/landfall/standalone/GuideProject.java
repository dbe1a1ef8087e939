package dev.landfall.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The project that the guide begins with: one stream, the guide's own model word for word, and a mart over it. */
final class GuideProject {
    /** Its filter takes the newest partition by year, month and day apart, so that it sticks at a month's end. */
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

    private static final String MART = """
            {{ config(materialized='table', tags=['mart']) }}
            select count(*) as things, sum(amount) as amount, max(updated_at) as newest from {{ ref('things') }}
            """;

    private GuideProject() {}

    /** Writes the project; its warehouse is a file beside it. */
    static Path write(Path directory) {
        file(
                directory.resolve("dbt_project.yml"),
                "name: guide\nversion: '1.0'\nprofile: guide\nmodel-paths: [core, marts]\n");
        file(directory.resolve("profiles.yml"), """
                guide:
                  target: dev
                  outputs:
                    dev: {type: duckdb, path: ../guide.duckdb, threads: 2}
                """);
        file(directory.resolve("streams/shop/things.json"), "{}");
        file(directory.resolve("core/shop/things.sql"), MODEL);
        file(directory.resolve("marts/totals.sql"), MART);
        return directory;
    }

    /**
     * A day's file as a query: so many of 40 things, each with what is the newest of it on that day.
     *
     * @param day {@code 2026-01-31}
     * @param from the first thing's number
     */
    static String things(String day, int from, int count) {
        return "select 'thing-' || i as id, '{\"email\": \"' || i || '@%1$s\"}' as attributes, i * 1.5 + day('%1$s'::date) as amount,"
                        .formatted(day)
                + " timestamp '2025-12-01' as created_at, timestamp '" + day + " 08:00:00' as updated_at,"
                + " timestamptz '" + day + " 09:00:00+00' + to_milliseconds(i) as _airbyte_extracted_at,"
                + " uuid()::varchar as _airbyte_raw_id"
                + " from range(" + from + ", " + (from + count) + ") t(i)";
    }

    /** Where a day's file belongs. */
    static String key(String day, String name) {
        String[] parts = day.split("-", -1);
        return "raw/shop/things/year=" + parts[0] + "/month=" + parts[1] + "/day=" + parts[2] + "/" + name + ".parquet";
    }

    /** What the model's table must hold: the newest row of each thing over all files at once. */
    static String newest(Path bucket) {
        return "select id as thing_id, attributes::json->>'$.email' as email, cast(amount as decimal(10,2)) as amount,"
                + " updated_at from read_parquet('" + bucket
                + "/raw/shop/things/**/*.parquet', hive_partitioning=false)"
                + " qualify row_number() over (partition by id order by _airbyte_extracted_at desc) = 1 order by 1";
    }

    private static void file(Path file, String text) {
        try {
            Path folder = file.getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
