package dev.landfall.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every test here must fail when the lock is taken off. */
class LockDownTest {
    @TempDir
    Path directory;

    private Path lake;
    private Warehouse warehouse;

    @BeforeEach
    void open() throws IOException {
        lake = Files.createDirectories(directory.resolve("lake"));
        Files.writeString(lake.resolve("landed.csv"), "id\n7\n");
        Files.writeString(directory.resolve("secret.txt"), "PLANTED");
        Files.createSymbolicLink(lake.resolve("link.txt"), directory.resolve("secret.txt"));
        warehouse = Warehouse.open(
                Targets.file("w.duckdb"),
                directory,
                WarehouseSettings.shared("test").withLockDown(List.of(lake.toString())));
    }

    @AfterEach
    void close() {
        warehouse.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "select content from read_text('/etc/passwd')",
                "select * from read_csv('{dir}/secret.txt')",
                "select content from read_text('{dir}/lake/../secret.txt')",
                "select content from read_text('{dir}/lake/link.txt')",
                "select content from read_text('/proc/self/environ')",
                "select * from glob('/etc/*')",
                "select content from read_text('http://127.0.0.1:9/x')",
                "copy (select 1) to '{dir}/out.csv'",
                "attach '{dir}/other.duckdb' as other",
                "export database '{dir}/export'",
                "install httpfs",
                "create or replace secret s (type http, extra_http_headers map {})",
                "set enable_external_access = true",
                "set allowed_directories = ['/']",
                "set temp_directory = '/etc'",
                "pragma enable_profiling = 'json'"
            })
    void keepsSqlFromWhatIsOutside(String sql) {
        assertThatThrownBy(() -> warehouse.with("test", session -> {
                    session.execute(sql.replace("{dir}", directory.toString()));
                    return 0;
                }))
                .isInstanceOf(WarehouseException.class)
                .hasMessageMatching(
                        "(?s).*(disabled by configuration|disabled through configuration|has been locked).*");
        assertThat(directory.resolve("out.csv")).doesNotExist();
        assertThat(directory.resolve("other.duckdb")).doesNotExist();
    }

    @Test
    void letsModelsReadWhatLandedAndWriteTheWarehouse() {
        warehouse.with("test", session -> {
            session.execute("create table t as select * from read_csv('" + lake + "/landed.csv')");
            session.execute("checkpoint");
            return 0;
        });

        assertThat(warehouse.<Long>with("test", session -> session.number("select sum(id) from t")))
                .isEqualTo(7);
    }

    @Test
    void locksEachOpeningAnew() {
        warehouse.with("first", session -> session.number("select 1"));

        assertThatThrownBy(() ->
                        warehouse.with("second", session -> session.number("select count(*) from glob('/etc/*')")))
                .isInstanceOf(WarehouseException.class);
    }
}
