package dev.landfall.warehouse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** DuckDB's extensions that are at hand: those of the directory that {@code LANDFALL_DUCKDB_EXTENSIONS} names. */
public final class Extensions {
    private Extensions() {}

    /** Whether the tests' DuckDB finds these in the directory. */
    public static boolean present(String... names) {
        String directory = System.getenv("LANDFALL_DUCKDB_EXTENSIONS");
        if (directory == null || directory.isEmpty()) {
            return false;
        }
        try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckDb.createStatement();
                ResultSet row = statement.executeQuery(
                        "select library_version, platform from pragma_version(), pragma_platform()")) {
            row.next();
            Path folder = Path.of(directory, row.getString(1), row.getString(2));
            for (String name : names) {
                if (!Files.exists(folder.resolve(name + ".duckdb_extension"))) {
                    return false;
                }
            }
            return true;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
