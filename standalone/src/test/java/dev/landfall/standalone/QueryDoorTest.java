package dev.landfall.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.project.Target;
import dev.landfall.warehouse.Warehouse;
import dev.landfall.warehouse.WarehouseSettings;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QueryDoorTest {
    @TempDir
    Path directory;

    private Warehouse warehouse;
    private QueryDoor door;

    @BeforeEach
    void open() {
        Target target = new Target(
                "p",
                "dev",
                directory.resolve("w.duckdb").toString(),
                "w",
                "main",
                1,
                Map.of(),
                Map.of(),
                List.of(),
                List.of(),
                List.of(),
                false,
                false,
                ".",
                Target.Retries.NONE,
                Map.of());
        warehouse = Warehouse.open(target, directory, WarehouseSettings.exclusive("test"));
        door = QueryDoor.open(warehouse);
    }

    @AfterEach
    void close() {
        door.close();
        warehouse.close();
    }

    @Test
    void answersWithRowsInTheFormatAskedFor() {
        assertThat(ask(door.token(), "select 1 as a, 'ä' as b", ResultFormat.CSV))
                .isEqualTo("a,b\n1,ä\n");
        assertThat(ask(door.token(), "select 1 as a", ResultFormat.JSON)).isEqualTo("[\n  {\"a\": 1}\n]\n");
    }

    @Test
    void passesOnWhatDuckDbSaysOfAMistake() {
        assertThatThrownBy(() -> ask(door.token(), "select * from nowhere", ResultFormat.CSV))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("nowhere");
    }

    @Test
    void refusesAWrongToken() {
        assertThatThrownBy(() -> ask("guessed", "select 1", ResultFormat.CSV))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("wrong token");
    }

    @Test
    void listensOnTheLoopbackInterfaceOnly() {
        assertThat(door.address().getHost()).isEqualTo("127.0.0.1");
    }

    private String ask(String token, String sql, ResultFormat format) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        RunningInstance instance = new RunningInstance(1, door.address(), token, "", "");
        QueryDoor.ask(instance, sql, format, new PrintStream(out, true, StandardCharsets.UTF_8));
        return out.toString(StandardCharsets.UTF_8);
    }
}
