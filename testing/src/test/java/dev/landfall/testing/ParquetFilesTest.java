package dev.landfall.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParquetFilesTest {
    @Test
    void writesWhatTheQueryGives(@TempDir Path root) throws Exception {
        try (ParquetFiles parquet = new ParquetFiles()) {
            parquet.execute("create macro id(i) as i * 10");

            Path file = parquet.land(
                    root, "landing", "raw/it's/year=2026/x.parquet", "select id(range) as id from range(3)");

            try (var duckdb = DriverManager.getConnection("jdbc:duckdb:");
                    var statement = duckdb.createStatement();
                    var rows = statement.executeQuery("select sum(id), any_value(year) from read_parquet('"
                            + file.toString().replace("'", "''") + "', hive_partitioning=true)")) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getLong(1)).isEqualTo(30);
                assertThat(rows.getInt(2)).isEqualTo(2026);
            }
            try (var files = Files.list(root.resolve("landing/raw/it's/year=2026"))) {
                assertThat(files).containsExactly(file);
            }
        }
    }
}
