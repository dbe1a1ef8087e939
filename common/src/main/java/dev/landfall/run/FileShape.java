package dev.landfall.run;

import dev.landfall.project.Relation;
import dev.landfall.warehouse.LandedFile;
import dev.landfall.warehouse.Session;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Parquet files that have the same columns of the same types. What becomes of a file must not depend on its neighbours:
 * read together, a column that one of them lacks is NULL, and one of two types is of a third.
 *
 * @param columns types by name; empty for files that are no Parquet
 */
record FileShape(Map<String, String> columns, List<LandedFile> files) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /**
     * The shapes of some files.
     *
     * @param inOrder whether only neighbours may be taken together
     */
    static List<FileShape> of(Session session, LakeView lake, List<LandedFile> files, boolean inOrder) {
        Map<String, Map<String, String>> byPath = read(
                session,
                files.stream()
                        .filter(FileShape::isParquet)
                        .map(landed -> path(lake, landed))
                        .toList());
        List<FileShape> shapes = new ArrayList<>();
        Map<Map<String, String>, FileShape> known = new LinkedHashMap<>();
        for (LandedFile landed : files) {
            Map<String, String> columns = byPath.getOrDefault(path(lake, landed), Map.of());
            FileShape last = inOrder ? shapes.isEmpty() ? null : shapes.get(shapes.size() - 1) : known.get(columns);
            if (last == null || !last.columns.equals(columns)) {
                last = new FileShape(columns, new ArrayList<>());
                shapes.add(last);
                known.put(columns, last);
            }
            last.files.add(landed);
        }
        return shapes;
    }

    private static boolean isParquet(LandedFile landed) {
        return landed.key().toLowerCase(Locale.ROOT).endsWith(".parquet");
    }

    private static String path(LakeView lake, LandedFile landed) {
        return lake.paths(landed.bucket(), List.of(landed.file())).get(0);
    }

    private static Map<String, Map<String, String>> read(Session session, List<String> paths) {
        if (paths.isEmpty()) {
            return Map.of();
        }
        String list = paths.stream().map(Relation::literal).collect(Collectors.joining(", ", "[", "]"));
        Map<String, Map<String, String>> shapes = new LinkedHashMap<>();
        for (List<@Nullable Object> row : session.query(
                        "select c, to_json(list(file_name))::varchar from (select file_name, to_json(list({n: name, t:"
                                + " duckdb_type, c: coalesce(num_children, 0)} order by column_id))::varchar as c from"
                                + " parquet_schema(" + list + ") group by file_name) group by c")
                .rows()) {
            Map<String, String> columns = columns(JSON.readTree(String.valueOf(row.get(0))));
            JSON.readTree(String.valueOf(row.get(1))).forEach(path -> shapes.put(path.asString(), columns));
        }
        return shapes;
    }

    /** The schema is a tree in depth-first order; columns are the children of its root. */
    private static Map<String, String> columns(JsonNode elements) {
        Map<String, String> columns = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        int at = 1;
        while (at < elements.size()) {
            JsonNode column = elements.get(at);
            columns.put(column.path("n").asString(), column.path("t").asString());
            at = after(elements, at);
        }
        return columns;
    }

    private static int after(JsonNode elements, int at) {
        int next = at + 1;
        for (int child = 0; child < elements.get(at).path("c").asInt() && next < elements.size(); child++) {
            next = after(elements, next);
        }
        return next;
    }
}
