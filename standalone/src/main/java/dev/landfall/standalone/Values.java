package dev.landfall.standalone;

import java.math.BigDecimal;
import java.sql.Array;
import java.sql.SQLException;
import java.sql.Struct;
import java.sql.Timestamp;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.duckdb.DuckDBStruct;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** DuckDB's values as text: as DuckDB itself prints them, and as JSON. */
final class Values {
    private static final DateTimeFormatter TIMESTAMP = new DateTimeFormatterBuilder()
            .appendPattern("yyyy-MM-dd HH:mm:ss")
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
            .toFormatter(Locale.ROOT);

    private static final DateTimeFormatter TIMESTAMP_WITH_ZONE = new DateTimeFormatterBuilder()
            .append(TIMESTAMP)
            .appendOffset("+HH:mm", "+00")
            .toFormatter(Locale.ROOT);

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private Values() {}

    /** A value that is not NULL, for a table or a CSV file; what is nested as JSON. */
    static String text(Object value) {
        Object plain = plain(value);
        if (plain instanceof BigDecimal decimal) {
            return decimal.toPlainString();
        }
        if (plain instanceof LocalDateTime time) {
            return TIMESTAMP.format(time);
        }
        if (plain instanceof OffsetDateTime time) {
            return TIMESTAMP_WITH_ZONE.format(time);
        }
        return plain instanceof Collection || plain instanceof Map || plain instanceof byte[]
                ? json(plain)
                : plain.toString();
    }

    static String json(@Nullable Object value) {
        if (value == null) {
            return "null";
        }
        Object plain = plain(value);
        if (plain instanceof Boolean) {
            return plain.toString();
        }
        if (plain instanceof Number number) {
            boolean finite =
                    !(number instanceof Double || number instanceof Float) || Double.isFinite(number.doubleValue());
            return finite ? text(number) : jsonText(number.toString());
        }
        if (plain instanceof Collection<?> values) {
            return values.stream().map(Values::json).collect(Collectors.joining(", ", "[", "]"));
        }
        if (plain instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(entry -> jsonText(String.valueOf(entry.getKey())) + ": " + json(entry.getValue()))
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        if (plain instanceof byte[] bytes) {
            return jsonText(HexFormat.of().formatHex(bytes));
        }
        if (plain instanceof LocalDateTime time) {
            return jsonText(DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(time));
        }
        return jsonText(plain.toString());
    }

    static String jsonText(String text) {
        return JSON.writeValueAsString(text);
    }

    /** Java's own type for what JDBC has one of its own for. */
    private static Object plain(Object value) {
        try {
            if (value instanceof Array array) {
                return array.getArray() instanceof Object[] values ? new ArrayList<>(Arrays.asList(values)) : List.of();
            }
            if (value instanceof DuckDBStruct struct) {
                return new LinkedHashMap<>(struct.getMap());
            }
            if (value instanceof Struct struct) {
                return new ArrayList<>(Arrays.asList(struct.getAttributes()));
            }
        } catch (SQLException e) {
            throw new IllegalStateException("cannot read a value of the result: " + e.getMessage(), e);
        }
        return value instanceof Timestamp timestamp ? timestamp.toLocalDateTime() : value;
    }
}
