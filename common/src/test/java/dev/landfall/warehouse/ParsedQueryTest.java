package dev.landfall.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParsedQueryTest {
    private static Warehouse warehouse =
            Warehouse.open(Targets.inMemory(), Path.of("."), WarehouseSettings.exclusive("test"));

    @BeforeAll
    static void makeTables() {
        warehouse.with("set up", session -> {
            session.execute("create table t (id integer, seen date); create table cities (year integer, pop integer)");
            return true;
        });
    }

    @AfterAll
    static void close() {
        warehouse.close();
    }

    private static ParsedQuery parse(String sql) {
        return warehouse.with("model int_x (models/int_x.sql)", session -> ParsedQuery.parse(session, sql));
    }

    private static String rewrite(String sql) {
        return parse(sql)
                .rewrite(scan -> Scan.Replacement.files(
                        List.of("/é/a.parquet", "/o'b.parquet"), Map.of("union_by_name", "true")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "select 1",
                "select ';' as a, \"id\" as \"x;)\" from t -- ; )",
                "/* ; */ with a as (select $$;)$$ as x) select * from a",
                "values (1), (2)",
                "pivot cities on year using sum(pop)",
                "select * from (pivot cities on year using sum(pop))",
                "from t",
                "select e'it\\'s; )' as x",
            })
    void takesOneQuery(String sql) {
        assertThat(parse(sql).sql()).isEqualTo(sql);
        assertThat(rewrite(sql)).isEqualTo(sql);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "select 1; select 2|more than one statement",
                "select 1;|semicolon",
                "select 1); drop table t; --|closing bracket",
                "drop table t|syntax error",
                "select from where|syntax error",
                "''|empty",
                "select (1|never closed",
                "with d as (delete from t returning *) select * from d|WITH clause that writes (delete)",
                "with d as (insert into t values (1, null) returning *) select * from d|that writes (insert)",
                "with a as (with d as (update t set id = 2 returning *) select * from d) select * from a|writes (update)",
                "with c as (copy t to '/tmp/x') select 1|writes",
                "pivot cities on year using sum(pop); drop table t|more than one statement",
                "with d as (delete from t returning *) pivot d on id using count(*)|WITH clause that writes",
            })
    void refusesWhatIsNotOneQuery(String sql, String why) {
        assertThatThrownBy(() -> parse(sql.equals("''") ? "" : sql))
                .isInstanceOf(WarehouseException.class)
                .hasMessageStartingWith("model int_x (models/int_x.sql): ")
                .hasMessageContaining(why);
        assertThat(warehouse.<Long>with("still there", session -> session.number("select count(*) from t")))
                .isZero();
    }

    @Test
    void namesLineAndTextOfASyntaxError() {
        assertThatThrownBy(() -> parse("select 'é',\n  1 as as x\nfrom t"))
                .hasMessageContaining("(line 2 of the compiled SQL: 1 as as x)");
    }

    @Test
    void pointsAScanAtTheExactFilesAndKeepsTheRest() {
        String sql = "select 'é s3://x' as s, r.* -- s3://landing/no\n"
                + "from read_parquet( 's3://landing/raw/shop/**/*' , hive_partitioning=true) r where id > 1";

        assertThat(rewrite(sql))
                .isEqualTo("select 'é s3://x' as s, r.* -- s3://landing/no\n"
                        + "from read_parquet(['/é/a.parquet', '/o''b.parquet'], union_by_name = true,"
                        + " hive_partitioning=true) r where id > 1");
        assertThat(parse(sql).scans())
                .containsExactly(new Scan(
                        "read_parquet", List.of("s3://landing/raw/shop/**/*"), Map.of("hive_partitioning", "true")));
    }

    @Test
    void keepsTheUsersOwnOption() {
        assertThat(rewrite("select * from parquet_scan(['s3://a/1', 's3://a/2'], UNION_BY_NAME := false)"))
                .isEqualTo("select * from parquet_scan(['/é/a.parquet', '/o''b.parquet'], UNION_BY_NAME := false)");
    }

    @Test
    void seesScansWhereverTheyStand() {
        ParsedQuery query = parse("with recursive a as (select * from read_csv('s3://b/1.csv', columns={'x': 'INT'}))"
                + " select * from a, lateral (select * from \"s3://b/2.csv.gz\") z"
                + " join 's3://b/3/*.parquet' p on exists (select 1 from read_json_auto(list_value('s3://b/4')))"
                + " union all select * from read_parquet('s3:' || '//b/5/*')");

        assertThat(query.scans())
                .extracting(Scan::uris)
                .containsExactly(
                        List.of("s3://b/1.csv"),
                        List.of("s3://b/2.csv.gz"),
                        List.of("s3://b/3/*.parquet"),
                        List.of("s3://b/4"));
        assertThat(query.scans())
                .extracting(Scan::function)
                .containsExactly("read_csv", "read_csv", "read_parquet", "read_json_auto");
        assertThat(query.scans().get(0).option("columns")).contains("{'x': 'INT'}");
    }

    @Test
    void evaluatesConstantExpressions() {
        assertThat(parse("select * from read_parquet(('s3://b/' || 'x/' || '*.parquet')::varchar, filename=true)")
                        .scans())
                .extracting(Scan::uris)
                .containsExactly(List.of("s3://b/x/*.parquet"));
    }

    @Test
    void replacesABareName() {
        assertThat(rewrite("from 's3://b/3/*.parquet' p"))
                .isEqualTo("from read_parquet(['/é/a.parquet', '/o''b.parquet'], union_by_name = true) p");
    }

    @Test
    void replacesAScanByARelation() {
        assertThat(parse("select * from read_parquet('s3://b/**', hive_partitioning=true) r")
                        .rewrite(scan -> Scan.Replacement.relation("(select 1 as id where false)")))
                .isEqualTo("select * from (select 1 as id where false) r");
    }

    @Test
    void findsScansWithinAPivot() {
        assertThat(rewrite("pivot (select * from read_parquet('s3://b/1')) on x using count(*)"))
                .isEqualTo("pivot (select * from read_parquet(['/é/a.parquet', '/o''b.parquet'], union_by_name = true))"
                        + " on x using count(*)");
    }

    @Test
    void refusesAReaderWhoseFilesCannotBeListed() {
        assertThatThrownBy(() -> parse("select *\nfrom sniff_csv('s3://b/1.csv')"))
                .hasMessageContaining("line 2: sniff_csv() reads object storage");
    }

    @Test
    void refusesAScanThatIsNotConstant() {
        assertThatThrownBy(() -> parse("select * from t, read_parquet('s3://b/' || t.id)"))
                .hasMessageContaining("'s3://b/' || t.id is not a constant");
    }
}
