package dev.landfall.standalone;

import dev.landfall.standalone.CommandLineFixture.Outcome;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One folder of conformance/cases: a project, commands, and what dbt made of them. The twin of record.py. */
final class ConformanceCase {
    static final Path HOME = Path.of("src/test/resources/conformance").toAbsolutePath();
    private static final Set<String> OURS = Set.of("case.yml", "overlays", "expected");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path folder;
    private final Map<String, Object> written;
    private final StringBuilder printed = new StringBuilder();

    private ConformanceCase(Path folder, Map<String, Object> written) {
        this.folder = folder;
        this.written = written;
    }

    static ConformanceCase of(String name) throws IOException {
        Path folder = HOME.resolve("cases").resolve(name);
        return new ConformanceCase(
                folder,
                new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(folder.resolve("case.yml"))));
    }

    // --- what dbt did

    /** One text that tells of every step its exit code, what became of its nodes, and the warehouse after it. */
    String expected() throws IOException {
        StringBuilder text = new StringBuilder();
        int number = 0;
        for (JsonNode step : JSON.readTree(folder.resolve("expected/results.json"))) {
            number++;
            Map<String, String> nodes = new TreeMap<>();
            step.get("nodes").properties().forEach(node -> {
                if (!node.getKey().startsWith("operation.")) {
                    nodes.put(node.getKey(), node.getValue().asString());
                }
            });
            Map<String, String> relations = new TreeMap<>();
            step.get("relations")
                    .properties()
                    .forEach(
                            each -> relations.put(each.getKey(), each.getValue().asString()));
            describe(
                    text,
                    step.get("command").asString(),
                    step.get("code").asInt(),
                    nodes,
                    relations,
                    tables(folder.resolve("expected").resolve(String.valueOf(number))));
            step.path("output").forEach(line -> text.append(line.asString()).append('\n'));
        }
        return text.toString();
    }

    private static Map<String, String> tables(Path files) throws IOException {
        Map<String, String> tables = new TreeMap<>();
        if (Files.isDirectory(files)) {
            try (Stream<Path> list = Files.list(files)) {
                for (Path file : list.toList()) {
                    String text = Files.readString(file);
                    tables.put(
                            file.getFileName().toString().replaceFirst("\\.csv$", ""),
                            sorted(Arrays.asList(text.strip().split("\n", -1))));
                }
            }
        }
        return tables;
    }

    private static String sorted(List<String> lines) {
        List<String> rows = new ArrayList<>(lines.subList(2, lines.size()));
        rows.sort(Comparator.naturalOrder());
        return lines.get(0) + "\n" + lines.get(1) + "\n" + String.join("\n", rows) + "\n";
    }

    private static void describe(
            StringBuilder text,
            String command,
            int code,
            Map<String, String> nodes,
            Map<String, String> relations,
            Map<String, String> tables) {
        text.append("\n$ ").append(command).append(" -> ").append(code).append('\n');
        nodes.forEach(
                (id, status) -> text.append(id).append(": ").append(status).append('\n'));
        relations.forEach(
                (name, type) -> text.append(type).append(' ').append(name).append('\n'));
        tables.forEach(
                (name, rows) -> text.append("== ").append(name).append('\n').append(rows));
    }

    // --- what Landfall does

    String run(Path directory) throws IOException, SQLException {
        Path project = directory.resolve("project");
        copy(HOME.resolve("base"), project);
        copy(folder, project);
        for (Map.Entry<?, ?> copies : map("copies").entrySet()) {
            multiply(project.resolve(String.valueOf(copies.getKey())), ((Number) copies.getValue()).intValue());
        }
        CommandLineFixture commands = new CommandLineFixture(project);
        map("environment").forEach((key, value) -> commands.with(String.valueOf(key), String.valueOf(value)));
        StringBuilder text = new StringBuilder();
        for (Object step : list("steps")) {
            if (step instanceof Map<?, ?> overlay) {
                copy(folder.resolve("overlays").resolve(String.valueOf(overlay.get("overlay"))), project);
                continue;
            }
            String command = String.valueOf(step);
            Outcome outcome = commands.run(words(command));
            Map<String, String> relations = new TreeMap<>();
            Map<String, String> tables = new TreeMap<>();
            dump(project, relations, tables);
            describe(text, command, outcome.code(), statuses(project), relations, tables);
            if (outcome.code() == 0 && (command.startsWith("ls") || command.startsWith("show"))) {
                outcome.out()
                        .lines()
                        .filter(line -> !line.isEmpty())
                        .sorted()
                        .forEach(line -> text.append(line).append('\n'));
            }
            printed.append("$ ")
                    .append(command)
                    .append('\n')
                    .append(outcome.out())
                    .append(outcome.err());
        }
        return text.toString();
    }

    /** m.sql becomes m_0.sql, m_1.sql, … */
    private static void multiply(Path file, int times) throws IOException {
        for (int n = 0; n < times; n++) {
            Files.copy(file, file.resolveSibling(file.getFileName().toString().replaceFirst("\\.", "_" + n + ".")));
        }
        Files.delete(file);
    }

    /** All that the commands printed. */
    String printed() {
        return printed.toString();
    }

    /** As a shell would split it; single quotes alone. */
    private static String[] words(String command) {
        List<String> words = new ArrayList<>();
        String[] parts = command.split("'", -1);
        for (int i = 0; i < parts.length; i++) {
            if (i % 2 == 1) {
                words.add(parts[i]);
            } else {
                Arrays.stream(parts[i].strip().split("\\s+", -1))
                        .filter(word -> !word.isEmpty())
                        .forEach(words::add);
            }
        }
        return words.toArray(String[]::new);
    }

    private static Map<String, String> statuses(Path project) throws IOException {
        Path file = project.resolve("target/run_results.json");
        Map<String, String> nodes = new TreeMap<>();
        if (Files.exists(file)) {
            for (JsonNode result : JSON.readTree(file).get("results")) {
                String id = result.get("unique_id").asString();
                long failures = result.path("failures").asLong(0);
                if (!id.startsWith("operation.")) {
                    nodes.put(id, result.get("status").asString() + (failures == 0 ? "" : " " + failures));
                }
            }
            Files.delete(file);
        }
        return nodes;
    }

    private void dump(Path project, Map<String, String> relations, Map<String, String> tables) throws SQLException {
        String main = String.valueOf(written.getOrDefault("warehouse", "shop.duckdb"));
        List<String> databases = new ArrayList<>(List.of(main));
        list("databases").forEach(each -> databases.add(String.valueOf(each)));
        for (String database : databases) {
            if (!Files.exists(project.resolve(database))) {
                continue;
            }
            String prefix = database.equals(main) ? "" : database.replaceFirst("\\.\\w+$", "") + ".";
            try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + project.resolve(database));
                    Statement statement = connection.createStatement()) {
                statement.execute("set TimeZone = 'UTC'");
                statement.execute("set file_search_path = '" + project + "'");
                Map<String, String> queries = new LinkedHashMap<>();
                try (ResultSet found = statement.executeQuery(
                        "select table_schema, table_name, table_type from information_schema.tables"
                                + " where table_catalog = current_database() and table_schema != '_landfall'")) {
                    while (found.next()) {
                        String name = prefix + found.getString(1) + "." + found.getString(2);
                        relations.put(name, found.getString(3).equals("VIEW") ? "view" : "table");
                        queries.put(
                                name, "select * from " + quote(found.getString(1)) + "." + quote(found.getString(2)));
                    }
                }
                if (prefix.isEmpty()) {
                    map("queries").forEach((title, query) -> queries.put(String.valueOf(title), String.valueOf(query)));
                }
                for (Map.Entry<String, String> query : queries.entrySet()) {
                    tables.put(query.getKey(), csv(statement, query.getKey(), query.getValue()));
                }
            }
        }
    }

    private String csv(Statement statement, String name, String query) throws SQLException {
        List<String> names = new ArrayList<>();
        List<String> types = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        try (ResultSet columns = statement.executeQuery("describe " + query)) {
            while (columns.next()) {
                names.add(columns.getString(1));
                types.add(field(columns.getString(2)));
                texts.add(quote(columns.getString(1)) + "::varchar");
            }
        }
        List<String> lines = new ArrayList<>();
        lines.add(String.join(",", names.stream().map(ConformanceCase::field).toList()));
        lines.add(String.join(",", types));
        String table = name.substring(name.lastIndexOf('.') + 1);
        try (ResultSet rows = statement.executeQuery("select " + String.join(", ", texts) + " from (" + query + ")")) {
            while (rows.next()) {
                List<String> fields = new ArrayList<>();
                for (int i = 0; i < names.size(); i++) {
                    String value = rows.getString(i + 1);
                    boolean masked = value != null && list("masks").contains(table + "." + names.get(i));
                    fields.add(field(masked ? "*" : value));
                }
                lines.add(String.join(",", fields));
            }
        }
        return sorted(lines);
    }

    private static String field(@Nullable String value) {
        if (value == null) {
            return "NULL";
        }
        String text = value.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
        return text.isEmpty() || text.equals("NULL") || text.contains(",") || text.contains("\"")
                ? "\"" + text.replace("\"", "\"\"") + "\""
                : text;
    }

    private static String quote(String name) {
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                if (OURS.contains(folder.getFileName().toString())) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
                Files.createDirectories(to.resolve(from.relativize(folder).toString()));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Path copy = to.resolve(from.relativize(file).toString());
                if (copy.toString().endsWith(".gone")) {
                    Files.delete(Path.of(copy.toString().replaceFirst("\\.gone$", "")));
                } else if (!OURS.contains(file.getFileName().toString())) {
                    Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private Map<?, ?> map(String key) {
        return written.get(key) instanceof Map<?, ?> map ? map : Map.of();
    }

    private List<?> list(String key) {
        return written.get(key) instanceof List<?> list ? list : List.of();
    }
}
