package dev.landfall.standalone;

import dev.landfall.template.QueryResult;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A query's rows for people: numbers grouped by thousands and to the right, headers in words. */
final class MoneyTable {
    private MoneyTable() {}

    static TextTable of(QueryResult result) {
        TextTable table = new TextTable(
                result.names().stream().map(name -> name.replace('_', ' ')).toList());
        for (List<@Nullable Object> row : result.rows()) {
            table.row(row.stream().map(MoneyTable::text).toList());
            for (int column = 0; column < row.size(); column++) {
                if (row.get(column) instanceof Number) {
                    table.alignRight(column);
                }
            }
        }
        return table;
    }

    private static String text(@Nullable Object value) {
        if (value instanceof BigDecimal decimal) {
            return String.format(Locale.ROOT, "%,." + Math.max(0, decimal.scale()) + "f", decimal);
        }
        if (value instanceof Number number) {
            return String.format(Locale.ROOT, "%,d", number.longValue());
        }
        return value == null ? "" : value.toString();
    }
}
