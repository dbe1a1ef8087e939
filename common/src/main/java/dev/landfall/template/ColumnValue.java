package dev.landfall.template;

import dev.landfall.jinja.Arguments;
import dev.landfall.jinja.Callable;
import dev.landfall.jinja.HostObject;
import dev.landfall.jinja.JinjaException;
import dev.landfall.jinja.Python;
import dev.landfall.jinja.Undefined;
import dev.landfall.project.Relation;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A column as templates see it: {@code api.Column}, what {@code adapter.get_columns_in_relation} answers.
 *
 * @param size characters that fit, or null when not bounded
 */
record ColumnValue(
        String name,
        String type,
        @Nullable Long size,
        @Nullable Object precision,
        @Nullable Object scale) implements HostObject {

    private static final Map<String, String> LABELS = Map.of("STRING", "TEXT");
    private static final Set<String> STRINGS = Set.of("text", "character varying", "character", "varchar");
    private static final Set<String> FLOATS = Set.of("real", "float", "float4", "float8", "double");
    private static final Set<String> INTEGERS = Set.of(
            "tinyint",
            "smallint",
            "integer",
            "bigint",
            "hugeint",
            "utinyint",
            "usmallint",
            "uinteger",
            "ubigint",
            "int1",
            "int2",
            "int4",
            "int8",
            "short",
            "int",
            "signed",
            "long");

    ColumnValue(String name, String type) {
        this(name, type, null, null, null);
    }

    /** The class itself: {@code api.Column}. */
    static final HostObject TYPE = new HostObject() {
        @Override
        public @Nullable Object attribute(String attribute) {
            return switch (attribute) {
                case "create", "from_description" ->
                    (Callable) arguments ->
                            new ColumnValue(arguments.text(0, "name"), translate(arguments.text(1, "dtype")));
                case "translate_type" -> (Callable) arguments -> translate(arguments.text(0, "dtype"));
                case "string_type" -> (Callable) arguments -> stringType(arguments.require(0, "size"));
                case "numeric_type" ->
                    (Callable) arguments -> numericType(
                            arguments.text(0, "dtype"), arguments.get(1, "precision"), arguments.get(2, "scale"));
                default ->
                    Undefined.because(attribute, "type object 'DuckDBColumn' has no attribute '" + attribute + "'");
            };
        }

        @Override
        public String typeName() {
            return "type";
        }

        @Override
        public String toString() {
            return "<class 'dbt.adapters.duckdb.column.DuckDBColumn'>";
        }
    };

    static Callable constructor() {
        return arguments -> new ColumnValue(
                arguments.text(0, "column"),
                arguments.text(1, "dtype"),
                arguments.get(2, "char_size") instanceof Long size ? size : null,
                arguments.get(3, "numeric_precision"),
                arguments.get(4, "numeric_scale"));
    }

    private static String translate(String type) {
        return LABELS.getOrDefault(type.toUpperCase(Locale.ROOT), type);
    }

    private static String stringType(@Nullable Object size) {
        return "character varying(" + Python.str(size) + ")";
    }

    private static String numericType(String type, @Nullable Object precision, @Nullable Object scale) {
        return precision == null || scale == null
                ? type
                : type + "(" + Python.str(precision) + "," + Python.str(scale) + ")";
    }

    boolean isString() {
        return STRINGS.contains(lower());
    }

    private boolean isNumeric() {
        return lower().equals("numeric") || lower().equals("decimal");
    }

    private String lower() {
        return type.toLowerCase(Locale.ROOT);
    }

    /** The type as dbt writes it into SQL. */
    String dataType() {
        if (isString()) {
            return stringType(stringSize());
        }
        return isNumeric() ? numericType(type, precision, scale) : type;
    }

    private long stringSize() {
        if (!isString()) {
            throw new JinjaException("Called string_size() on non-string field!");
        }
        return type.equalsIgnoreCase("text") || size == null ? 256 : size;
    }

    @Override
    public @Nullable Object attribute(String attribute) {
        return switch (attribute) {
            case "name", "column" -> name;
            case "quoted" -> Relation.quote(name);
            case "dtype" -> type;
            case "data_type" -> dataType();
            case "char_size" -> size;
            case "numeric_precision" -> precision;
            case "numeric_scale" -> scale;
            case "is_string" -> (Callable) arguments -> isString();
            case "is_number" ->
                (Callable) arguments -> isNumeric() || FLOATS.contains(lower()) || INTEGERS.contains(lower());
            case "is_integer" -> (Callable) arguments -> INTEGERS.contains(lower());
            case "is_float" -> (Callable) arguments -> FLOATS.contains(lower());
            case "is_numeric" -> (Callable) arguments -> isNumeric();
            case "is_struct" -> (Callable) arguments -> lower().startsWith("struct(");
            case "string_size" -> (Callable) arguments -> stringSize();
            case "can_expand_to" -> (Callable) this::canExpandTo;
            case "literal" -> (Callable) arguments -> arguments.text(0, "value") + "::" + dataType();
            default -> TYPE.attribute(attribute);
        };
    }

    private boolean canExpandTo(Arguments arguments) {
        return arguments.require(0, "other_column") instanceof ColumnValue other
                && isString()
                && other.isString()
                && other.stringSize() > stringSize();
    }

    @Override
    public String typeName() {
        return "DuckDBColumn";
    }

    @Override
    public String toString() {
        return "<DuckDBColumn " + name + " (" + dataType() + ")>";
    }
}
