package dev.landfall.artifact;

import dev.landfall.project.MacroDefinition;
import dev.landfall.project.Project;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which macros a macro calls, as its text tells: by plain name, with a package, and by {@code adapter.dispatch}. */
final class MacroCalls {
    private static final Pattern CALL = Pattern.compile("(?:(\\w+)\\.)?(\\w+)\\s*\\(");
    private static final Pattern DISPATCH = Pattern.compile("dispatch\\s*\\(\\s*['\"](\\w+)['\"]");

    private final Project project;
    private final Map<String, MacroDefinition> macros;

    MacroCalls(Project project) {
        this.project = project;
        this.macros = project.macros();
    }

    /** Unique ids, in the order of the text. */
    List<String> of(MacroDefinition macro) {
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
