package dev.landfall.template;

import dev.landfall.jinja.Python;
import dev.landfall.project.Definition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a node's own {@code config()} was given, in the form in which dbt compares it with an earlier state: values where
 * its static parser reads the file, else the text of the expression.
 */
final class ConfigAsWritten {
    private static final Pattern COMMENT = Pattern.compile("(?s)\\{#.*?#}");
    private static final Pattern PRINT = Pattern.compile("(?s)\\{\\{-?\\s*(.*?)\\s*-?}}");
    private static final Pattern STATIC_CALL = Pattern.compile("(?s)(ref|source|config)\\s*\\(.*\\)");
    private static final Pattern LOWER_CASE_CONSTANT = Pattern.compile("[=:\\[,]\\s*(true|false|none)\\b");

    private ConfigAsWritten() {}

    static Map<String, @Nullable Object> of(Definition definition, String kind, Map<String, @Nullable Object> config) {
        Map<String, @Nullable Object> written = new LinkedHashMap<>();
        boolean values = kind.equals("model") && readsStatically(definition.rawSql(), config);
        config.forEach((key, value) -> {
            if (key.endsWith("-hook")) {
                written.put(key.replace('-', '_'), hooks(value));
            } else {
                written.put(key, values || value instanceof String ? value : Python.repr(value));
            }
        });
        return written;
    }

    private static String hooks(@Nullable Object value) {
        List<String> texts = new ArrayList<>();
        ConfigMerge.hooks(value).forEach(hook -> texts.add(String.valueOf(hook.get("sql"))));
        return texts.size() == 1 ? texts.get(0) : Python.repr(texts);
    }

    private static boolean readsStatically(String sql, Map<String, @Nullable Object> config) {
        String text = COMMENT.matcher(sql).replaceAll("");
        if (text.contains("{%") || !config.values().stream().allMatch(ConfigAsWritten::isPlain)) {
            return false;
        }
        Matcher prints = PRINT.matcher(text);
        while (prints.find()) {
            String inner = prints.group(1);
            if (!STATIC_CALL.matcher(inner).matches()
                    || LOWER_CASE_CONSTANT.matcher(inner).find()
                    || inner.contains("var(")) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPlain(@Nullable Object value) {
        if (value instanceof List<?> list) {
            return list.stream().allMatch(String.class::isInstance);
        }
        if (value instanceof Map<?, ?> map) {
            return map.values().stream().allMatch(item -> item instanceof String || item instanceof Boolean);
        }
        return value instanceof String || value instanceof Boolean;
    }
}
