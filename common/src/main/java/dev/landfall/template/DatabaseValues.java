package dev.landfall.template;

import dev.landfall.jinja.Python;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Date;
import java.sql.SQLException;
import java.sql.Struct;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns what JDBC gives into what a template of dbt would see: Python's values after agate went over them. */
final class DatabaseValues {
    private DatabaseValues() {}

    static @Nullable Object toPython(@Nullable Object value) {
        if (value == null || value instanceof Boolean || value instanceof String || value instanceof BigDecimal) {
            return value;
        }
        if (value instanceof Number number) {
            return number(number);
        }
        if (value instanceof LocalDate || value instanceof LocalDateTime || value instanceof OffsetDateTime) {
            return value;
        }
        if (value instanceof Timestamp timestamp) {
            return timestamp.toLocalDateTime();
        }
        if (value instanceof Date date) {
            return date.toLocalDate();
        }
        if (value instanceof ZonedDateTime zoned) {
            return zoned.toOffsetDateTime();
        }
        if (value instanceof Time time) {
            return time.toLocalTime().toString();
        }
        if (value instanceof Array || value instanceof Struct || value instanceof Map || value instanceof List) {
            return Python.json(nested(value), false);
        }
        if (value instanceof Blob blob) {
            return blob(blob);
        }
        // UUID, TIME, INTERVAL, JSON
        return value.toString();
    }

    private static Object number(Number number) {
        if (number instanceof Long || number instanceof BigInteger) {
            return number instanceof BigInteger big && big.bitLength() < Long.SIZE ? (Object) big.longValue() : number;
        }
        if (number instanceof Double || number instanceof Float) {
            double value = number instanceof Float ? Double.parseDouble(number.toString()) : number.doubleValue();
            // agate makes decimals of floats by way of their repr.
            return Double.isFinite(value) ? new BigDecimal(Python.repr(value)) : (Object) value;
        }
        return number.longValue();
    }

    private static String blob(Blob blob) {
        try {
            return new String(blob.getBytes(1, (int) blob.length()), java.nio.charset.StandardCharsets.ISO_8859_1);
        } catch (SQLException e) {
            throw new IllegalStateException("blob cannot be read: " + e.getMessage(), e);
        }
    }

    private static @Nullable Object nested(@Nullable Object value) {
        try {
            if (value instanceof Array array) {
                return list((Object[]) array.getArray());
            }
            if (value instanceof Struct struct) {
                return struct(struct);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("nested value cannot be read: " + e.getMessage(), e);
        }
        if (value instanceof Object[] array) {
            return list(array);
        }
        if (value instanceof List<?> list) {
            return list(list.toArray());
        }
        if (value instanceof Map<?, ?> map) {
            Map<Object, @Nullable Object> copy = new LinkedHashMap<>();
            map.forEach((key, item) -> copy.put(key, nested(item)));
            return copy;
        }
        Object plain = toPython(value);
        return plain instanceof LocalDate || plain instanceof LocalDateTime || plain instanceof OffsetDateTime
                ? Python.str(plain)
                : plain instanceof BigDecimal decimal ? decimal.doubleValue() : plain;
    }

    private static List<@Nullable Object> list(Object[] values) {
        List<@Nullable Object> list = new ArrayList<>(values.length);
        for (Object value : values) {
            list.add(nested(value));
        }
        return list;
    }

    private static @Nullable Object struct(Struct struct) throws SQLException {
        if (struct instanceof org.duckdb.DuckDBStruct named) {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            for (Map.Entry<String, Object> entry : named.getMap().entrySet()) {
                map.put(entry.getKey(), nested(entry.getValue()));
            }
            return map;
        }
        return list(struct.getAttributes());
    }
}
