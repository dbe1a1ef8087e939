package dev.landfall.template;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Puts ephemeral models into the SQL that reads them, as common table expressions. */
final class Ephemeral {
    /** Space and comments, then {@code with}, which a {@code recursive} may follow. */
    private static final Pattern WITH = Pattern.compile(
            "(?is)\\A((?:\\s+|--[^\\n]*(?:\\n|\\z)|/\\*.*?\\*/)*with(?:(?:\\s+|--[^\\n]*\\n|/\\*.*?\\*/)+recursive)?)(?=[\\s\"(/-])");

    private Ephemeral() {}

    /**
     * The same query over the common table expressions.
     *
     * @param ctes texts by name, each after those that it reads
     */
    static String inject(String sql, Map<String, String> ctes) {
        if (ctes.isEmpty()) {
            return sql;
        }
        String all = ctes.entrySet().stream()
                .map(cte -> " " + cte.getKey() + " as (\n" + cte.getValue() + "\n)")
                .collect(Collectors.joining(", "));
        Matcher with = WITH.matcher(sql);
        if (with.find()) {
            return with.group(1) + all + ", " + sql.substring(with.end());
        }
        int start = 0;
        while (start < sql.length() && Character.isWhitespace(sql.charAt(start))) {
            start++;
        }
        return sql.substring(0, start) + "with" + all + " " + sql.substring(start);
    }
}
