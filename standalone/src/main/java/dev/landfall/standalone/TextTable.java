package dev.landfall.standalone;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Rows of text in aligned columns under a header. */
final class TextTable {
    private final List<String> header;
    private final List<List<String>> rows = new ArrayList<>();
    private final Set<Integer> right = new HashSet<>();

    TextTable(List<String> header) {
        this.header = List.copyOf(header);
    }

    TextTable row(List<String> cells) {
        if (cells.size() != header.size()) {
            throw new IllegalArgumentException(cells.size() + " cells for " + header.size() + " columns");
        }
        rows.add(cells.stream().map(TextTable::oneLine).toList());
        return this;
    }

    TextTable alignRight(int column) {
        right.add(column);
        return this;
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    List<String> lines() {
        List<Integer> widths = new ArrayList<>();
        for (int column = 0; column < header.size(); column++) {
            int index = column;
            widths.add(Stream.concat(Stream.of(header), rows.stream())
                    .mapToInt(cells -> width(cells.get(index)))
                    .max()
                    .orElse(0));
        }
        List<String> lines = new ArrayList<>();
        lines.add(line(header, widths));
        lines.add(widths.stream().map(width -> "-".repeat(width + 2)).collect(Collectors.joining("+")));
        rows.forEach(cells -> lines.add(line(cells, widths)));
        return lines;
    }

    private String line(List<String> cells, List<Integer> widths) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < cells.size(); column++) {
            String cell = cells.get(column);
            String padding = " ".repeat(widths.get(column) - width(cell));
            line.append(column == 0 ? " " : "| ")
                    .append(right.contains(column) ? padding + cell : cell + padding)
                    .append(' ');
        }
        return line.toString().stripTrailing();
    }

    private static int width(String text) {
        return text.codePointCount(0, text.length());
    }

    private static String oneLine(String text) {
        return text.replace("\r", "\\r").replace("\n", "\\n");
    }
}
