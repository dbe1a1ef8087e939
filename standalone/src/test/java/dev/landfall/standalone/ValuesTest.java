package dev.landfall.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

class ValuesTest {
    @Test
    void nestedValuesAreJson() throws SQLException {
        assertThat(text("[{'a': 1, 'b': ['x', null]}]")).isEqualTo("[{\"a\": 1, \"b\": [\"x\", null]}]");
        assertThat(text("map {'k': 1.50}")).isEqualTo("{\"k\": 1.50}");
    }

    @Test
    void timesAreAsDuckDbPrintsThem() throws SQLException {
        assertThat(text("timestamp '2026-01-31 10:00:00'")).isEqualTo("2026-01-31 10:00:00");
        assertThat(text("timestamp '2026-01-31 10:00:00.25'")).isEqualTo("2026-01-31 10:00:00.25");
        assertThat(text("timestamptz '2026-01-31 10:00:00+00'")).isEqualTo("2026-01-31 10:00:00+00");
        assertThat(text("date '2026-01-31'")).isEqualTo("2026-01-31");
    }

    @Test
    void numbersAreWholeAndPlain() throws SQLException {
        assertThat(text("170141183460469231731687303715884105727::hugeint"))
                .isEqualTo("170141183460469231731687303715884105727");
        assertThat(text("1.10::decimal(10,2)")).isEqualTo("1.10");
    }

    private static String text(String expression) throws SQLException {
        try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckdb.createStatement()) {
            statement.execute("set TimeZone = 'UTC'");
            try (ResultSet row = statement.executeQuery("select " + expression)) {
                row.next();
                return Values.text(row.getObject(1));
            }
        }
    }
}
