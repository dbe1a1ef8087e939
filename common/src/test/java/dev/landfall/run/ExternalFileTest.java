package dev.landfall.run;

import static dev.landfall.run.OneShotProject.result;
import static dev.landfall.run.OneShotProject.statuses;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExternalFileTest {
    @TempDir
    Path directory;

    private OneShotProject project;

    @BeforeEach
    void layOutTheProject() throws IOException {
        project = new OneShotProject(directory);
    }

    @Test
    void writesFilesIntoTheProjectsFolderAndReadsThemByAView() throws Exception {
        project.write("models/a.sql", "{{ config(materialized='external') }} select 1 as n, 'x' as t");
        project.write("models/b.sql", """
                {{ config(materialized='external', location='b.csv.gz', options={'delimiter': '|'}) }}
                select n + 1 as n from {{ ref('a') }}
                """);
        project.write("models/c.sql", """
                {{ config(materialized='external', options={'partition_by': ['y', 'm']}) }}
                select i as n, 2020 + i % 2 as y, i % 3 as m from range(6) t(i)
                """);

        assertThat(statuses(project.run("run"))).containsOnly("success");
        assertThat(statuses(project.run("run"))).as("c must not overwrite").contains("error");

        assertThat(project.path("a.parquet")).exists();
        assertThat(project.path("b.csv.gz")).exists();
        assertThat(project.path("c/y=2020/m=0")).isDirectory();
        assertThat(project.rows("select n from b")).isEqualTo("2");
        assertThat(project.rows("select y, m, n from c order by n limit 1")).isEqualTo("2020|0|0");
        assertThat(project.rows("select table_name from information_schema.tables order by 1"))
                .isEqualTo("a\nb\nc");
    }

    @Test
    void anEmptyResultHasItsColumnsAndNoRow() throws Exception {
        project.write("models/a.sql", "{{ config(materialized='external') }} select 1 as n, 'x' as t where false");

        project.run("run");

        assertThat(project.rows("select count(*) from a")).isEqualTo("0");
        assertThat(project.rows("select count(*) from read_parquet('" + project.path("a.parquet") + "')"))
                .isEqualTo("1");
        assertThat(project.rows("describe a")).contains("n|INTEGER", "t|VARCHAR");
    }

    @Test
    void refusesAFormatThatDoesNotExist() throws Exception {
        project.write("models/a.sql", "{{ config(materialized='external', format='xlsx') }} select 1 as n");

        assertThat(result(project.run("run"), "a").message())
                .contains("models/a.sql", "Invalid format: xlsx. Allowed formats are: csv, parquet, json");
    }
}
