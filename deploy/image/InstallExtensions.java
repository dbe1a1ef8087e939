import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.Arrays;

/** {@code DIRECTORY REPOSITORY [EXTENSION…]}: installs DuckDB extensions into a directory; DuckDB checks their signatures. */
class InstallExtensions {
    public static void main(String[] arguments) throws Exception {
        Path directory = Files.createDirectories(Path.of(arguments[0]));
        String repository = arguments[1];
        try (var connection = DriverManager.getConnection("jdbc:duckdb:"); var statement = connection.createStatement()) {
            statement.execute("SET extension_directory = " + literal(directory.toString()));
            for (String extension : Arrays.copyOfRange(arguments, 2, arguments.length)) {
                statement.execute("INSTALL " + extension + (repository.isEmpty() ? "" : " FROM " + literal(repository)));
                statement.execute("LOAD " + extension);
                System.out.println("installed " + extension);
            }
        }
    }

    private static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
