package dev.landfall.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** CSV with a header, as it stands in unit tests (RFC 4180); an empty value is null. */
final class Csv {
    private Csv() {}

    static List<Map<String, @Nullable Object>> rows(String text) {
        List<List<String>> lines = lines(text.strip());
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        for (int i = 1; i < lines.size(); i++) {
            Map<String, @Nullable Object> row = new LinkedHashMap<>();
            for (int column = 0; column < lines.get(0).size(); column++) {
                String value = column < lines.get(i).size() ? lines.get(i).get(column) : "";
                row.put(lines.get(0).get(column), value.isEmpty() ? null : value);
            }
            rows.add(row);
        }
        return rows;
    }

    private static List<List<String>> lines(String text) {
        List<List<String>> lines = new ArrayList<>();
        List<String> line = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i <= text.length(); i++) {
            char c = i == text.length() ? '\n' : text.charAt(i);
            if (quoted && c == '"' && i + 1 < text.length() && text.charAt(i + 1) == '"') {
                cell.append('"');
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && c == ',') {
                line.add(cell.toString());
                cell.setLength(0);
            } else if (!quoted && c == '\n') {
                line.add(cell.toString());
                cell.setLength(0);
                if (line.size() > 1 || !line.get(0).isEmpty()) {
                    lines.add(line);
                }
                line = new ArrayList<>();
            } else if (c != '\r') {
                cell.append(c);
            }
        }
        return lines;
    }
}
