package dev.landfall.run;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Airbyte's declared type of a field as the column type that its Parquet writer makes of it. */
final class FieldType {
    private FieldType() {}

    /** @param declared a JSON schema ({@code {"type": ["null", "string"]}}), or a type's name */
    static String of(@Nullable Object declared) {
        if (declared instanceof Map<?, ?> schema) {
            String format = String.valueOf(schema.get("format"));
            String airbyte = String.valueOf(schema.get("airbyte_type"));
            return switch (name(schema.get("type"))) {
                case "integer" -> "BIGINT";
                case "number" -> airbyte.equals("integer") ? "BIGINT" : "DOUBLE";
                case "boolean" -> "BOOLEAN";
                case "string" ->
                    format.equals("date-time")
                            ? "TIMESTAMPTZ"
                            : format.equals("date") ? "DATE" : format.equals("time") ? "TIME" : "VARCHAR";
                default -> "JSON";
            };
        }
        return switch (String.valueOf(declared).toLowerCase(java.util.Locale.ROOT)) {
            case "string" -> "VARCHAR";
            case "integer" -> "BIGINT";
            case "number" -> "DOUBLE";
            case "boolean" -> "BOOLEAN";
            case "date" -> "DATE";
            case "date-time", "timestamp" -> "TIMESTAMPTZ";
            default -> "JSON";
        };
    }

    private static String name(@Nullable Object type) {
        if (type instanceof List<?> list) {
            return list.stream()
                    .map(String::valueOf)
                    .filter(each -> !each.equals("null"))
                    .findFirst()
                    .orElse("object");
        }
        return String.valueOf(type);
    }
}
