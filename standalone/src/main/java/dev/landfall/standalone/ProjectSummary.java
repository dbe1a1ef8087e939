package dev.landfall.standalone;

import dev.landfall.project.Node;
import dev.landfall.project.Project;
import dev.landfall.project.StreamConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a project is made of, in one line. */
final class ProjectSummary {
    private ProjectSummary() {}

    /** {@code Found 12 models, 30 data tests, 9 sources, 9 streams}. */
    static String of(Project project) {
        Map<String, Integer> counts = new TreeMap<>();
        for (Node node : project.nodes().values()) {
            counts.merge(
                    node.resourceType().equals("test")
                            ? "data test"
                            : node.resourceType().replace('_', ' '),
                    1,
                    Integer::sum);
        }
        List<String> parts = new ArrayList<>();
        add(parts, counts.getOrDefault("model", 0), "model");
        counts.forEach((type, count) -> {
            if (!type.equals("model")) {
                add(parts, count, type);
            }
        });
        add(parts, project.sources().size(), "source");
        add(
                parts,
                (int) project.streams().stream().filter(StreamConfig::selected).count(),
                "stream");
        return "Found " + String.join(", ", parts);
    }

    private static void add(List<String> parts, int count, String what) {
        if (count == 1) {
            parts.add("1 " + what);
        } else if (count > 1) {
            parts.add(count + " " + (what.equals("analysis") ? "analyses" : what + "s"));
        }
    }
}
