package dev.landfall.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.standalone.CommandLineFixture.Outcome;
import dev.landfall.testing.ParquetFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandLineTest {
    @TempDir
    Path directory;

    private Path project;
    private CommandLineFixture commands;

    @BeforeEach
    void writeAProject() throws IOException {
        project = directory.resolve("shop");
        file("dbt_project.yml", """
                name: shop
                version: '1.0'
                profile: shop
                model-paths: [models]
                vars: {least: 0}
                """);
        file("profiles.yml", """
                shop:
                  target: dev
                  outputs:
                    dev: {type: duckdb, path: shop.duckdb, threads: 2}
                """);
        file("models/orders.sql", """
                {{ config(materialized='incremental', unique_key='id', tags=['daily']) }}
                select * from read_parquet('s3://landing/raw/shop/orders/**/*.parquet', hive_partitioning=true)
                where amount >= {{ var('least') }}
                """);
        file("models/totals.sql", "select sum(amount) as amount from {{ ref('orders') }}");
        file("models/schema.yml", """
                models:
                  - name: orders
                    columns:
                      - name: id
                        tests: [unique, not_null]
                """);
        try (ParquetFiles files = new ParquetFiles()) {
            files.land(
                    directory.resolve("data/lake"),
                    "landing",
                    "raw/shop/orders/year=2026/month=01/day=31/a.parquet",
                    "select i as id, i * 2.5 as amount from range(1, 5) t(i)");
        }
        commands = new CommandLineFixture(directory);
    }

    @Test
    void runBuildsFromTheLocalLakeAndQueryReadsIt() {
        Outcome run = commands.run("run", "--project-dir", "shop");
        Outcome query = commands.run("query", "select * from totals", "--project-dir", "shop", "--format", "csv");

        assertThat(run.code()).as(run.out() + run.err()).isZero();
        assertThat(run.out())
                .contains("1 of 2 OK created sql incremental model main.orders ...")
                .contains("Finished running 1 incremental model, 1 view model in ")
                .contains("Done. PASS=2 WARN=0 ERROR=0 SKIP=0 NO-OP=0 TOTAL=2");
        assertThat(query.out()).isEqualTo("amount\n25.0\n");
    }

    @Test
    void varsGoOverThoseOfTheProject() {
        commands.run("run", "--project-dir", "shop", "--vars", "{least: 7}");

        assertThat(commands.run("query", "select amount from totals", "--project-dir", "shop", "--format", "json")
                        .out())
                .isEqualTo("[\n  {\"amount\": 17.5}\n]\n");
    }

    @Test
    void selectBuildsOnlyWhatIsAskedFor() {
        Outcome run = commands.run("run", "--project-dir", "shop", "-s", "tag:daily");

        assertThat(run.out()).contains("TOTAL=1").contains("main.orders").doesNotContain("main.totals");
    }

    @Test
    void aFailingModelGivesOneAndSkipsWhatItFeeds() throws IOException {
        file("models/orders.sql", "select * from nowhere");

        Outcome run = commands.run("run", "--project-dir", "shop");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out())
                .contains("ERROR creating sql view model main.orders")
                .contains("SKIP sql view model main.totals")
                .contains("Error in model orders (models/orders.sql)")
                .contains("nowhere")
                .contains("ERROR=1 SKIP=1");
    }

    @Test
    void testTellsPassAndFail() throws IOException {
        commands.run("run", "--project-dir", "shop");
        Outcome fine = commands.run("test", "--project-dir", "shop");
        file("tests/no_orders.sql", "select * from {{ ref('orders') }}");
        Outcome failing = commands.run("test", "--project-dir", "shop");

        assertThat(fine.code()).as(fine.out()).isZero();
        assertThat(fine.out()).contains("PASS unique_orders_id");
        assertThat(failing.code()).isEqualTo(1);
        assertThat(failing.out()).contains("FAIL 4 no_orders").contains("PASS=2 WARN=0 ERROR=1");
    }

    @Test
    void lsPrintsOneNodeALine() {
        assertThat(commands.run("ls", "--project-dir", "shop", "--resource-type", "model")
                        .out())
                .isEqualTo("shop.orders\nshop.totals\n");
        assertThat(commands.run("ls", "--project-dir", "shop", "-s", "orders", "--output", "path")
                        .out())
                .startsWith("models/orders.sql\n");
    }

    @Test
    void compilePrintsAndWritesTheSql() {
        Outcome compile = commands.run("compile", "--project-dir", "shop", "-s", "totals");

        assertThat(compile.out())
                .isEqualTo("-- model totals\nselect sum(amount) as amount from \"shop\".\"main\".\"orders\"\n");
        assertThat(project.resolve("target/compiled/shop/models/totals.sql")).exists();
    }

    @Test
    void parseReportsAllMistakesTogetherWithFileAndLine() throws IOException {
        file("models/totals.sql", "select 1\nfrom {{ ref('order') }}");
        file("models/broken.sql", "select {{ 1 + }}");

        Outcome parse = commands.run("parse", "--project-dir", "shop");

        assertThat(parse.code()).isEqualTo(2);
        assertThat(parse.err())
                .contains("2 problems in the project " + project)
                .contains("models/broken.sql:1")
                .contains("models/totals.sql:2");
    }

    @Test
    void wrongUsageGivesTwo() {
        assertThat(commands.run("run", "--no-such-flag").code()).isEqualTo(2);
        assertThat(commands.run("run", "--project-dir", "shop", "--vars", "[1]").code())
                .isEqualTo(2);
        assertThat(commands.run("quer").err()).contains("Did you mean: landfall query");
        assertThat(commands.run("audit").err().lines())
                .containsExactly("error: name a core model, or --all", "help: landfall audit --help");
        assertThat(commands.run("dead-letters", "retry").err().lines())
                .containsExactly("error: name a file, or --all", "help: landfall dead-letters retry --help");
    }

    @Test
    void whatIsShownAsAnEventIsLoggedByTheseClasses() {
        assertThat(Logs.SHOWN)
                .allSatisfy(name -> assertThat(Class.forName(name)).isNotNull());
    }

    @Test
    void statusTellsWhatTheWarehouseKnowsWhenNothingRuns() {
        Outcome status = commands.run("status", "--project-dir", "shop");

        assertThat(status.code()).isZero();
        assertThat(status.out()).contains("services  none").contains("orders | mart  | never");
    }

    private void file(String name, String text) throws IOException {
        Path file = project.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
