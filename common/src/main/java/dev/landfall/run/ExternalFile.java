package dev.landfall.run;

import dev.landfall.jinja.Python;
import dev.landfall.project.Hook;
import dev.landfall.project.Model;
import dev.landfall.project.ModelConfig;
import dev.landfall.project.Relation;
import dev.landfall.template.ColumnInfo;
import dev.landfall.warehouse.Session;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** dbt-duckdb's {@code external}: the rows in files, and a view over them under the model's name. */
final class ExternalFile {
    private static final List<String> FORMATS = List.of("csv", "parquet", "json");
    private static final Set<String> QUOTED = Set.of("delimiter", "quote", "escape", "null");

    private final Session session;
    private final ModelConfig config;
    private final Relation target;
    private final Materializer.Frame frame;
    private final Path directory;

    /** @param directory what a relative location is relative to */
    ExternalFile(Session session, Model model, Relation target, Materializer.Frame frame, Path directory) {
        this.session = session;
        this.config = model.config();
        this.target = target;
        this.frame = frame;
        this.directory = directory;
    }

    /** Where it is written and how, and where and as what it is read again. */
    private record Place(String location, String writeOptions, String read, String format, String compression) {}

    /** Writes the table's rows, and gives the query that reads them again. */
    String write(Relation rows) {
        Place place = place();
        String columns = session.columns(rows).stream()
                .map(ColumnInfo::name)
                .map(Relation::quote)
                .collect(Collectors.joining(" is not null and "));
        boolean empty = session.number("select count(*) from (select 1 from " + rows.sql() + " limit 1)") == 0;
        if (empty) {
            // A file without a row would have no columns: the one row of nothing is filtered out where it is read.
            session.update("insert into " + rows.sql() + " values ("
                    + session.columns(rows).stream().map(column -> "null").collect(Collectors.joining(", ")) + ")");
        }
        session.execute(
                "copy " + rows.sql() + " to " + Relation.literal(place.location) + " (" + place.writeOptions + ")");
        return "select * from read_" + place.format + "(" + Relation.literal(place.read) + readOptions(place) + ")"
                + (empty ? " where " + columns + " is not null" : "");
    }

    private Place place() {
        Map<String, String> options = options();
        String wanted = config.text("format").orElse("");
        if (!wanted.isEmpty() && !FORMATS.contains(wanted)) {
            throw new ModelFaultException(session.what() + ": Invalid format: " + wanted + ". Allowed formats are: "
                    + String.join(", ", FORMATS));
        }
        String location = config.text("location")
                .map(text -> frame.render(new Hook(text, true)))
                .orElseGet(() -> session.target().externalRoot() + "/" + target.identifier()
                        + (partitioned() ? "" : "." + (wanted.isEmpty() ? "parquet" : wanted)));
        complete(options, location);
        String format = wanted.isEmpty() ? options.getOrDefault("format", "").toLowerCase(Locale.ROOT) : wanted;
        String absolute = absolute(location);
        return new Place(
                absolute,
                options.entrySet().stream()
                        .map(option -> option.getKey() + " " + written(option))
                        .collect(Collectors.joining(", ")),
                read(absolute, options),
                FORMATS.contains(format) ? format : "parquet",
                options.getOrDefault("compression", ""));
    }

    private Map<String, String> options() {
        Map<String, String> options = new LinkedHashMap<>();
        if (config.get("options") instanceof Map<?, ?> map) {
            map.forEach((key, value) -> options.put(String.valueOf(key), option(value)));
        } else if (config.get("options") != null) {
            throw new ModelFaultException(session.what() + ": The options argument must be a dictionary");
        }
        config.text("format").ifPresent(format -> options.put("format", format));
        config.text("delimiter").ifPresent(delimiter -> options.put("delimiter", delimiter));
        return options;
    }

    private String option(@Nullable Object value) {
        String text = value instanceof List<?> items
                ? items.stream().map(Python::str).collect(Collectors.joining(", "))
                : Python.str(value);
        return frame.render(new Hook(text, true));
    }

    private boolean partitioned() {
        return config.get("options") instanceof Map<?, ?> map && map.get("partition_by") != null;
    }

    /** What the name of the file says, where the options are silent. */
    private static void complete(Map<String, String> options, String location) {
        if (!options.containsKey("format")) {
            String name = location.substring(location.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
            String compression = name.endsWith(".gz") ? "gzip" : name.endsWith(".zst") ? "zstd" : "";
            String stem = compression.isEmpty() ? name : name.substring(0, name.lastIndexOf('.'));
            int dot = stem.lastIndexOf('.');
            options.put(
                    "format", dot > 0 ? stem.substring(dot + 1) : options.containsKey("delimiter") ? "csv" : "parquet");
            if (dot > 0 && !compression.isEmpty()) {
                options.putIfAbsent("compression", compression);
            }
        }
        if ("csv".equals(options.get("format"))) {
            options.putIfAbsent("header", "1");
        }
        options.computeIfPresent(
                "partition_by",
                (key, columns) -> columns.contains(",") && !columns.startsWith("(") ? "(" + columns + ")" : columns);
    }

    private static String written(Map.Entry<String, String> option) {
        boolean quote = QUOTED.contains(option.getKey().toLowerCase(Locale.ROOT))
                && !option.getValue().startsWith("'");
        return quote ? "'" + option.getValue() + "'" : option.getValue();
    }

    private static String read(String location, Map<String, String> options) {
        String columns = options.getOrDefault("partition_by", "");
        if (columns.isEmpty() && !options.containsKey("per_thread_output")) {
            return location;
        }
        List<String> parts = new ArrayList<>(List.of(location, "*"));
        if (!columns.isEmpty()) {
            parts.addAll(java.util.Collections.nCopies(columns.split(",", -1).length, "*"));
        }
        return String.join("/", parts) + "." + options.getOrDefault("format", "parquet");
    }

    private String readOptions(Place place) {
        Map<String, @Nullable Object> options = new LinkedHashMap<>();
        Object own = config.get(place.format + "_read_options");
        if (own instanceof Map<?, ?> map) {
            map.forEach((key, value) -> options.put(String.valueOf(key), value));
        } else if (place.format.equals("parquet")) {
            options.put("union_by_name", false);
        } else {
            options.put("auto_detect", true);
        }
        if (!place.compression.isEmpty() && !place.format.equals("parquet")) {
            options.putIfAbsent("compression", place.compression);
        }
        return options.entrySet().stream()
                .map(option -> ", " + option.getKey() + " = "
                        + (option.getValue() instanceof String text ? "'" + text + "'" : Python.str(option.getValue())))
                .collect(Collectors.joining());
    }

    /** dbt works in the project's folder, and so a relative location is one in there. */
    private String absolute(String location) {
        boolean elsewhere = location.matches("[a-zA-Z][a-zA-Z0-9+.-]+://.*")
                || Path.of(location).isAbsolute();
        return elsewhere ? location : directory.resolve(location).normalize().toString();
    }
}
