package dev.landfall.run;

import dev.landfall.lake.Partition;
import dev.landfall.project.Relation;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Types of Hive keys. DuckDB makes them of whatever files it reads, so that a month is a number in October and a text in
 * January; they are decided once for a stream instead.
 */
final class HiveTypes {
    private static final Pattern INTEGER = Pattern.compile("-?(0|[1-9]\\d{0,17})");
    private static final Pattern TWO_DIGITS = Pattern.compile("\\d\\d");
    private static final Pattern DATE = Pattern.compile("\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])");
    private static final String NULL = "__HIVE_DEFAULT_PARTITION__";

    private HiveTypes() {}

    /** The types that DuckDB would infer, were it to see every partition that is still to come, too. */
    static Map<String, String> infer(Collection<Partition> partitions) {
        Map<String, List<String>> values = partitions.stream()
                .flatMap(partition -> partition.values().entrySet().stream())
                .filter(entry -> !entry.getValue().equals(NULL))
                .collect(Collectors.groupingBy(
                        Map.Entry::getKey,
                        LinkedHashMap::new,
                        Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
        Map<String, String> types = new LinkedHashMap<>();
        values.forEach((key, of) -> types.put(key, type(of)));
        return types;
    }

    private static String type(List<String> values) {
        if (values.stream().allMatch(value -> DATE.matcher(value).matches())) {
            return "DATE";
        }
        boolean numbers =
                values.stream().allMatch(value -> INTEGER.matcher(value).matches());
        // 10, 11 and 12 alone tell nothing: with 01 beside them the key is a text.
        boolean padded =
                values.stream().allMatch(value -> TWO_DIGITS.matcher(value).matches());
        return numbers && !padded ? "BIGINT" : "VARCHAR";
    }

    /** As an option of a reader: {@code {'year': BIGINT, 'month': VARCHAR}}. */
    static String sql(Map<String, String> types) {
        return types.entrySet().stream()
                .map(entry -> Relation.literal(entry.getKey()) + ": " + entry.getValue())
                .collect(Collectors.joining(", ", "{", "}"));
    }
}
