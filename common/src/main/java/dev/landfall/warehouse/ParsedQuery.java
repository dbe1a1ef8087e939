package dev.landfall.warehouse;

import dev.landfall.project.Relation;
import dev.landfall.warehouse.WarehouseException.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One query as DuckDB's own parser sees it: proven to be one statement that only reads, with the places where it scans
 * object storage. Nothing of the text is changed but those places.
 */
public final class ParsedQuery {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int REMEMBERED = 256;
    private static final int LONGEST_REMEMBERED = 8192;
    /** A wave comes with the same texts as the one before. */
    private static final Map<String, ParsedQuery> LATELY =
            Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, ParsedQuery> eldest) {
                    return size() > REMEMBERED;
                }
            });

    private static final Set<String> LIST_READERS = Set.of(
            "read_parquet",
            "parquet_scan",
            "read_csv",
            "read_csv_auto",
            "read_json",
            "read_json_auto",
            "read_json_objects",
            "read_json_objects_auto",
            "read_ndjson",
            "read_ndjson_auto",
            "read_ndjson_objects",
            "read_text",
            "read_blob",
            "parquet_metadata",
            "parquet_schema",
            "parquet_file_metadata",
            "parquet_kv_metadata",
            "glob");
    private static final Set<String> READING_NODES =
            Set.of("SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE", "STATEMENT_NODE");

    private final String sql;
    /** One character for each byte of the text, since DuckDB counts bytes. */
    private final String bytes;

    private final List<Place> places;

    /** A scan and where it stands: the first argument, or the bare name. */
    private record Place(Scan scan, int start, int end, int callStart, int callEnd, boolean bare) {}

    private ParsedQuery(String sql, String bytes, List<Place> places) {
        this.sql = sql;
        this.bytes = bytes;
        this.places = places;
    }

    /**
     * Parses a query.
     *
     * @throws WarehouseException when it is not one query that only reads; the message has line and reason
     */
    public static ParsedQuery parse(Session session, String sql) {
        ParsedQuery known = LATELY.get(sql);
        if (known != null) {
            return known;
        }
        ParsedQuery parsed = parsed(session, sql);
        if (sql.length() <= LONGEST_REMEMBERED) {
            LATELY.put(sql, parsed);
        }
        return parsed;
    }

    private static ParsedQuery parsed(Session session, String sql) {
        String bytes = new String(sql.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        String wrong = new SqlText(bytes).whyNotOneQuery();
        if (!wrong.isEmpty()) {
            throw refused(session, wrong, sql);
        }
        JsonNode tree = JSON.readTree(String.valueOf(session.value("select json_serialize_sql(?::varchar)", sql)));
        if (!tree.path("error").asBoolean()) {
            if (tree.path("statements").size() != 1) {
                throw refused(session, "it is " + tree.path("statements").size() + " statements", sql);
            }
            requireReading(session, tree, sql);
            return new ParsedQuery(sql, bytes, places(session, tree, sql, bytes));
        }
        if (tree.path("error_type").asString().equals("not implemented")) {
            // PIVOT without a list of values cannot be told as JSON.
            String writes = new SqlText(bytes).whyNotReading();
            if (!writes.isEmpty()) {
                throw refused(session, writes, sql);
            }
            return new ParsedQuery(sql, bytes, placesByText(session, sql, bytes));
        }
        throw refused(session, syntaxError(tree, bytes), sql);
    }

    private static WarehouseException refused(Session session, String why, String sql) {
        return new WarehouseException(session.what() + ": " + why, Kind.PERMANENT, sql, null);
    }

    private static String syntaxError(JsonNode tree, String bytes) {
        String message = tree.path("error_message").asString();
        int position = tree.path("position").asInt(-1);
        if (position < 0 || position > bytes.length()) {
            return message;
        }
        int line = new SqlText(bytes).lineOf(position);
        return message + " (line " + line + " of the compiled SQL: "
                + bytes.lines().skip(line - 1L).findFirst().orElse("").strip() + ")";
    }

    private static void requireReading(Session session, JsonNode node, String sql) {
        JsonNode type = node.path("query_node").path("type");
        if (type.isString() && !READING_NODES.contains(type.asString())) {
            throw refused(
                    session,
                    "a WITH clause that writes ("
                            + type.asString().replaceFirst("_.*", "").toLowerCase(Locale.ROOT)
                            + "); a model only reads",
                    sql);
        }
        for (JsonNode child : node) {
            requireReading(session, child, sql);
        }
    }

    public String sql() {
        return sql;
    }

    /** The scans of object storage, in the order of the text. */
    public List<Scan> scans() {
        return places.stream().map(Place::scan).toList();
    }

    /** The text with every scan of object storage replaced. */
    public String rewrite(Function<Scan, Scan.Replacement> replacement) {
        StringBuilder result = new StringBuilder(bytes);
        // From the end, so that places before keep their positions.
        for (int i = places.size() - 1; i >= 0; i--) {
            Place place = places.get(i);
            Scan.Replacement files = replacement.apply(place.scan);
            if (!files.instead().isEmpty()) {
                result.replace(place.callStart, place.callEnd, encode(files.instead()));
                continue;
            }
            Map<String, String> options = new LinkedHashMap<>(files.options());
            options.keySet().removeAll(place.scan.options().keySet());
            String arguments = files.paths().stream().map(Relation::literal).collect(Collectors.joining(", ", "[", "]"))
                    + options.entrySet().stream()
                            .map(option -> ", " + option.getKey() + " = " + option.getValue())
                            .collect(Collectors.joining());
            result.replace(
                    place.start,
                    place.end,
                    encode(place.bare ? place.scan.function() + "(" + arguments + ")" : arguments));
        }
        return decode(result.toString());
    }

    private static String encode(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private static String decode(String bytes) {
        return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    private static List<Place> places(Session session, JsonNode tree, String sql, String bytes) {
        List<Place> places = new ArrayList<>();
        collect(session, tree, sql, bytes, places);
        places.sort(Comparator.comparingInt(Place::start));
        return places;
    }

    private static void collect(Session session, JsonNode node, String sql, String bytes, List<Place> places) {
        String type = node.path("type").asString("");
        if (type.equals("TABLE_FUNCTION") && mentionsStorage(node.path("function"))) {
            places.add(call(session, node.path("query_location").asInt(-1), sql, bytes));
        } else if (type.equals("BASE_TABLE")
                && isStorage(node.path("table_name").asString(""))) {
            places.add(bare(session, node, sql, bytes));
        }
        for (JsonNode child : node) {
            collect(session, child, sql, bytes, places);
        }
    }

    private static boolean mentionsStorage(JsonNode node) {
        if (node.isString() && isStorage(node.asString())) {
            return true;
        }
        for (JsonNode child : node) {
            if (mentionsStorage(child)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a text names something in object storage. */
    public static boolean isStorage(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        return lower.startsWith("s3://") || lower.startsWith("s3a://") || lower.startsWith("s3n://");
    }

    private static Place call(Session session, int at, String sql, String bytes) {
        SqlText text = new SqlText(bytes);
        int position = at;
        String name = "";
        while (position >= 0 && position < bytes.length() && bytes.charAt(position) != '(') {
            int end = text.after(position);
            if (!text.isSpace(position)) {
                name = bytes.substring(position, end);
            }
            position = end;
        }
        if (position < 0 || position >= bytes.length()) {
            throw refused(session, "cannot find the place of a scan of object storage in the SQL", sql);
        }
        String function = name.replace("\"", "").toLowerCase(Locale.ROOT);
        if (!LIST_READERS.contains(function)) {
            throw refused(
                    session,
                    "line " + text.lineOf(position) + ": " + function
                            + "() reads object storage, and its files cannot be listed; use read_parquet, read_csv or"
                            + " read_json",
                    sql);
        }
        int start = position + 1;
        int end = text.endOfPart(start);
        Map<String, String> options = new TreeMap<>();
        int part = end;
        while (part < bytes.length() && bytes.charAt(part) == ',') {
            int partEnd = text.endOfPart(part + 1);
            addOption(options, bytes.substring(part + 1, partEnd));
            part = partEnd;
        }
        Scan scan = new Scan(
                function, uris(session, decode(bytes.substring(start, end)), text.lineOf(start), sql), options);
        return new Place(scan, start, end, at, Math.min(bytes.length(), part + 1), false);
    }

    private static void addOption(Map<String, String> options, String part) {
        SqlText text = new SqlText(part);
        int start = text.skipSpace(0);
        if (start >= part.length()) {
            return;
        }
        int nameEnd = text.after(start);
        int sign = text.skipSpace(nameEnd);
        if (sign < part.length() && (part.charAt(sign) == '=' || part.startsWith(":=", sign))) {
            int value = part.startsWith(":=", sign) || part.startsWith("=>", sign) ? sign + 2 : sign + 1;
            options.put(
                    part.substring(start, nameEnd).replace("\"", "").toLowerCase(Locale.ROOT),
                    decode(part.substring(value).strip()));
        }
    }

    /** The first argument may be any constant expression: DuckDB says what it amounts to. */
    private static List<String> uris(Session session, String expression, int line, String sql) {
        List<String> uris = new ArrayList<>();
        try {
            List<List<@Nullable Object>> rows = session.query(
                            "select unnest(case when typeof(e) like '%[]' then e::varchar[] else [e::varchar] end)"
                                    + " from (select (\n" + expression + "\n) as e)")
                    .rows();
            rows.forEach(row -> uris.add(String.valueOf(row.get(0))));
        } catch (WarehouseException e) {
            throw refused(
                    session,
                    "line " + line + ": what is read from object storage must be known before the query runs, and "
                            + expression.strip() + " is not a constant",
                    sql);
        }
        return uris;
    }

    private static Place bare(Session session, JsonNode node, String sql, String bytes) {
        String uri = node.path("table_name").asString();
        SqlText text = new SqlText(bytes);
        int start = node.path("query_location").asInt(-1);
        int end = start < 0 || start >= bytes.length() ? -1 : text.after(start);
        if (end < 0 || !bytes.substring(start, end).contains(encode(uri))) {
            throw refused(
                    session, "cannot find the place of " + uri + " in the SQL; use read_parquet('" + uri + "')", sql);
        }
        String lower = uri.toLowerCase(Locale.ROOT);
        String function = lower.contains(".csv") || lower.contains(".tsv")
                ? "read_csv"
                : lower.contains(".json") || lower.contains(".ndjson") ? "read_json" : "read_parquet";
        return new Place(new Scan(function, List.of(uri), Map.of()), start, end, start, end, true);
    }

    private static List<Place> placesByText(Session session, String sql, String bytes) {
        List<Place> places = new ArrayList<>();
        SqlText text = new SqlText(bytes);
        for (int at : text.callsOf(LIST_READERS)) {
            int start = bytes.indexOf('(', at) + 1;
            String argument = bytes.substring(start, text.endOfPart(start)).toLowerCase(Locale.ROOT);
            if (argument.contains("s3://") || argument.contains("s3a://") || argument.contains("s3n://")) {
                places.add(call(session, at, sql, bytes));
            }
        }
        return places;
    }
}
