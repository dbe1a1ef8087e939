package dev.landfall.template;

import dev.landfall.project.MacroDefinition;
import dev.landfall.project.Node;
import dev.landfall.project.Project;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which macros a macro calls, as its text tells: by plain name, with a package, and by {@code adapter.dispatch}. */
public final class MacroCalls {
    private static final Pattern CALL = Pattern.compile("(?:(\\w+)\\.)?(\\w+)\\s*\\(");
    private static final Pattern DISPATCH = Pattern.compile("dispatch\\s*\\(\\s*['\"](\\w+)['\"]");

    private final Project project;
    private final Map<String, MacroDefinition> macros;

    public MacroCalls(Project project) {
        this.project = project;
        this.macros = project.macros();
    }

    /** The macros that a node calls, directly or not; the engine's own do not count. */
    public List<MacroDefinition> reachedBy(Node node) {
        List<MacroDefinition> reached = new ArrayList<>();
        Set<String> seen = new LinkedHashSet<>(node.dependencies().macros());
        Deque<String> open = new ArrayDeque<>(seen);
        while (!open.isEmpty()) {
            MacroDefinition macro = macros.get(open.remove());
            if (macro != null && !macro.packageName().equals("dbt")) {
                reached.add(macro);
                of(macro).stream().filter(seen::add).forEach(open::add);
            }
        }
        return reached;
    }

    /** A hash over a node's text and the macros that it calls; that of its text alone where it calls none. */
    String checksum(Node node) {
        String called = reachedBy(node).stream()
                .map(macro ->
                        macro.uniqueId() + " " + Checksum.ofText(macro.macro().source()))
                .sorted()
                .collect(Collectors.joining("\n"));
        return called.isEmpty() ? node.checksum() : Checksum.hex(node.checksum() + "\n" + called);
    }

    /** Unique ids, in the order of the text. */
    public List<String> of(MacroDefinition macro) {
        Set<String> ids = new LinkedHashSet<>();
        String text = macro.macro().source();
        text = text.substring(text.indexOf("%}") + 1);
        Matcher calls = CALL.matcher(text);
        while (calls.find()) {
            add(ids, macro, calls.group(1), calls.group(2));
        }
        Matcher dispatched = DISPATCH.matcher(text);
        while (dispatched.find()) {
            add(ids, macro, null, "duckdb__" + dispatched.group(1));
            add(ids, macro, null, "default__" + dispatched.group(1));
        }
        ids.remove(macro.uniqueId());
        return List.copyOf(ids);
    }

    private void add(Set<String> ids, MacroDefinition from, @Nullable String packageName, String name) {
        List<String> packages =
                packageName == null ? List.of(from.packageName(), project.name(), "dbt") : List.of(packageName);
        for (String each : packages) {
            MacroDefinition found = macros.get("macro." + each + "." + name);
            if (found != null) {
                ids.add(found.uniqueId());
                return;
            }
        }
    }
}
