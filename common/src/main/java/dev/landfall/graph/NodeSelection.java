package dev.landfall.graph;

import dev.landfall.project.DataTest;
import dev.landfall.project.ModelConfig;
import dev.landfall.project.Node;
import dev.landfall.project.Problems;
import dev.landfall.project.Project;
import dev.landfall.project.SourceTable;
import dev.landfall.project.UnitTest;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * dbt's selection of nodes: {@code --select}, {@code --exclude}, {@code --resource-type}.
 *
 * <p>A term is {@code [@][n+]method:value[+n]}; terms divided by spaces are added up, terms divided by commas must all
 * hold. A test is selected when a node that it reads is selected.
 */
public final class NodeSelection {
    private static final Pattern TERM = Pattern.compile("(?<at>@)?(?:(?<up>\\d*)\\+)?"
            + "(?:(?<method>[a-z_]+(?:\\.[\\w.\\-]+)?):)?(?<value>.+?)(?<down>\\+(?<steps>\\d*))?");
    private static final List<String> METHODS = List.of(
            "access",
            "config",
            "exposure",
            "file",
            "fqn",
            "group",
            "package",
            "path",
            "resource_type",
            "source",
            "state",
            "tag",
            "test_name",
            "test_type");

    private final Project project;
    private final ModelGraph graph;
    private final @Nullable ProjectState state;

    private NodeSelection(Project project, ModelGraph graph, @Nullable ProjectState state) {
        this.project = project;
        this.graph = graph;
        this.state = state;
    }

    /** An earlier state of the project, which {@code state:} compares with. */
    public interface ProjectState {
        boolean knows(String uniqueId);

        /**
         * Whether a node that is known has changed.
         *
         * @param aspect {@code body}, {@code configs}, {@code relation}, … or null for any
         */
        boolean modified(Node node, @Nullable String aspect);
    }

    /**
     * Unique ids of the selected nodes and sources, in graph order.
     *
     * @param select terms as dbt has them ({@code +orders tag:core,path:marts}); empty selects everything
     * @param exclude terms whose nodes are taken away again
     * @param resourceTypes {@code model}, {@code test}, …; empty allows all
     * @throws IllegalArgumentException when a term cannot be read; the message names it
     */
    public static List<String> select(
            Project project,
            ModelGraph graph,
            Collection<String> select,
            Collection<String> exclude,
            Set<String> resourceTypes) {
        return select(project, graph, select, exclude, resourceTypes, null);
    }

    /**
     * As above, with an earlier state for the terms {@code state:new} and {@code state:modified}.
     *
     * @throws IllegalArgumentException when a term cannot be read; the message names it
     */
    public static List<String> select(
            Project project,
            ModelGraph graph,
            Collection<String> select,
            Collection<String> exclude,
            Set<String> resourceTypes,
            @Nullable ProjectState state) {
        NodeSelection selection = new NodeSelection(project, graph, state);
        Set<String> chosen = select.isEmpty() ? selection.everything() : selection.union(select);
        if (!exclude.isEmpty()) {
            chosen.removeAll(selection.union(exclude));
        }
        return graph.order(chosen).stream()
                .filter(id -> resourceTypes.isEmpty() || resourceTypes.contains(kind(id)))
                .toList();
    }

    /** What could not be matched by any node, for a warning. */
    public static List<String> unmatched(Project project, ModelGraph graph, Collection<String> select) {
        NodeSelection selection = new NodeSelection(project, graph, null);
        return words(select).stream()
                .filter(word -> !word.contains("state:"))
                .filter(word -> selection.intersection(word).isEmpty())
                .toList();
    }

    private static String kind(String id) {
        return id.substring(0, id.indexOf('.'));
    }

    private Set<String> everything() {
        Set<String> all = new LinkedHashSet<>(project.nodes().keySet());
        all.addAll(project.sources().keySet());
        return all;
    }

    private static List<String> words(Collection<String> terms) {
        List<String> words = new ArrayList<>();
        for (String term : terms) {
            for (String word : term.strip().split("\\s+", -1)) {
                if (!word.isEmpty()) {
                    words.add(word);
                }
            }
        }
        return words;
    }

    private Set<String> union(Collection<String> terms) {
        Set<String> chosen = new LinkedHashSet<>();
        words(terms).forEach(word -> chosen.addAll(intersection(word)));
        return chosen;
    }

    private Set<String> intersection(String word) {
        Set<String> common = null;
        for (String term : word.split(",", -1)) {
            Set<String> found = withTests(term(term));
            if (common == null) {
                common = found;
            } else {
                common.retainAll(found);
            }
        }
        return common == null ? new LinkedHashSet<>() : common;
    }

    /** Tests of what is selected are selected: dbt's eager indirect selection. */
    private Set<String> withTests(Set<String> found) {
        Set<String> more = new LinkedHashSet<>(found);
        for (String id : found) {
            for (String child : graph.children(id)) {
                Node node = project.nodes().get(child);
                if (node instanceof DataTest || node instanceof UnitTest) {
                    more.add(child);
                }
            }
        }
        return more;
    }

    private Set<String> term(String term) {
        Matcher matcher = TERM.matcher(term);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("cannot read the selection '" + term + "'");
        }
        boolean at = matcher.group("at") != null;
        boolean down = matcher.group("down") != null;
        if (at && down) {
            throw new IllegalArgumentException(
                    "'" + term + "' begins with '@' and ends with '+'; '@' has both sides already");
        }
        Set<String> chosen = matching(matcher.group("method"), matcher.group("value"));
        Set<String> all = new LinkedHashSet<>(chosen);
        for (String id : chosen) {
            if (at) {
                List<String> below = graph.downstream(id);
                all.addAll(below);
                below.forEach(each -> all.addAll(graph.upstream(each)));
                all.addAll(graph.upstream(id));
            }
            if (matcher.group("up") != null) {
                all.addAll(graph.upstream(id, steps(matcher.group("up"))));
            }
            if (down) {
                all.addAll(graph.downstream(id, steps(matcher.group("steps"))));
            }
        }
        return all;
    }

    private static int steps(@Nullable String digits) {
        return digits == null || digits.isEmpty()
                ? Integer.MAX_VALUE
                : (int) Math.min(Long.parseLong(digits), 1_000_000);
    }

    private Set<String> matching(@Nullable String written, String value) {
        String method = written == null ? defaultMethod(value) : written;
        String argument = "";
        int dot = method.indexOf('.');
        if (dot > 0) {
            argument = method.substring(dot + 1);
            method = method.substring(0, dot);
        }
        return switch (method) {
            case "tag" -> nodesAndSources(node -> anyGlob(node.tags(), value), table -> anyGlob(table.tags(), value));
            case "path" -> byPath(value);
            case "file" -> byFile(value);
            case "fqn" -> byName(value);
            case "source" -> bySource(value);
            case "package" -> {
                String name = value.equals("this") ? project.name() : value;
                yield nodesAndSources(node -> glob(name, node.packageName()), table -> glob(name, table.packageName()));
            }
            case "config" -> byConfig(argument, value);
            case "resource_type" ->
                value.equals("source")
                        ? sources(table -> true)
                        : nodes(node -> node.resourceType().equals(value));
            case "test_type" ->
                value.equals("unit")
                        ? nodes(UnitTest.class::isInstance)
                        : nodes(node -> node instanceof DataTest test && isOfType(test, value));
            case "test_name" ->
                nodes(node -> node instanceof DataTest test
                        && test.generic() != null
                        && glob(value, test.generic().test()));
            case "group" -> nodes(node -> value.equals(node.config().get("group")));
            case "access" -> nodes(node -> value.equals(node.config().get("access")));
            case "unit_test" -> nodes(node -> node instanceof UnitTest && glob(value, node.name()));
            case "exposure", "metric", "semantic_model", "saved_query" -> new LinkedHashSet<>();
            case "state" -> byState(value);
            default ->
                throw new IllegalArgumentException("unknown selection method '" + method + "' in '" + written + ":"
                        + value + "'" + Problems.nearest(method, METHODS));
        };
    }

    private static String defaultMethod(String value) {
        if (value.contains("/") || value.contains("\\")) {
            return "path";
        }
        String lower = value.toLowerCase(Locale.ROOT);
        return lower.endsWith(".sql") || lower.endsWith(".csv") || lower.endsWith(".py") ? "file" : "fqn";
    }

    private Set<String> nodes(Predicate<Node> test) {
        return nodesAndSources(test, table -> false);
    }

    private Set<String> sources(Predicate<SourceTable> test) {
        return nodesAndSources(node -> false, test);
    }

    private Set<String> nodesAndSources(Predicate<Node> test, Predicate<SourceTable> sourceTest) {
        Set<String> ids = new LinkedHashSet<>();
        project.nodes().forEach((id, node) -> {
            if (test.test(node)) {
                ids.add(id);
            }
        });
        project.sources().forEach((id, table) -> {
            if (sourceTest.test(table)) {
                ids.add(id);
            }
        });
        return ids;
    }

    private Set<String> byPath(String value) {
        String wanted = value.replace('\\', '/').replaceFirst("^\\./", "").replaceFirst("/+$", "");
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + wanted);
        Predicate<Path> under = file -> {
            for (Path each = file; each != null; each = each.getParent()) {
                if (matcher.matches(each)) {
                    return true;
                }
            }
            return false;
        };
        return nodesAndSources(
                node -> under.test(node.file())
                        || (node.definition().patchFile() != null
                                && matcher.matches(node.definition().patchFile())),
                table -> under.test(table.file()));
    }

    private Set<String> byFile(String value) {
        return nodes(node -> {
            String file = node.file().getFileName().toString();
            return glob(value, file) || glob(value, file.replaceFirst("\\.[^.]*$", ""));
        });
    }

    /** By name, or by parts of the path with or without the package, the last of which may be globs. */
    private Set<String> byName(String value) {
        return nodes(node -> {
            List<String> fqn = node.fqn();
            return fqnMatches(fqn.subList(1, fqn.size()), value)
                    || fqnMatches(fqn, value)
                    || node.uniqueId().equals(value);
        });
    }

    private static boolean fqnMatches(List<String> fqn, String value) {
        if (fqn.isEmpty()) {
            return false;
        }
        String name = fqn.get(fqn.size() - 1);
        if (value.equals(name)) {
            return true;
        }
        // A name with dots of its own is one part in dbt's path, and several in the selection.
        List<String> flat = List.of(String.join(".", fqn).split("\\.", -1));
        List<String> parts = List.of(value.split("\\.", -1));
        if (parts.size() > flat.size()) {
            return false;
        }
        for (int i = 0; i < parts.size(); i++) {
            if (isGlob(parts.get(i))) {
                String rest = String.join(".", flat.subList(i, flat.size()));
                return glob(String.join(".", parts.subList(i, parts.size())), rest)
                        || (parts.size() == 1 && glob(value, name));
            }
            if (!parts.get(i).equals(flat.get(i))) {
                return false;
            }
        }
        return true;
    }

    private Set<String> bySource(String value) {
        String[] parts = value.split("\\.", -1);
        return sources(table -> switch (parts.length) {
            case 1 -> glob(parts[0], table.source());
            case 2 -> glob(parts[0], table.source()) && glob(parts[1], table.name());
            case 3 ->
                glob(parts[0], table.packageName()) && glob(parts[1], table.source()) && glob(parts[2], table.name());
            default ->
                throw new IllegalArgumentException(
                        "'source:" + value + "' has too many parts: source, source.table or" + " package.source.table");
        });
    }

    private Set<String> byConfig(String path, String value) {
        if (path.isEmpty()) {
            throw new IllegalArgumentException("'config:" + value + "' names no key: config.materialized:" + value);
        }
        String[] keys = path.split("\\.", -1);
        return nodesAndSources(
                node -> configMatches(node.config(), keys, value), table -> configMatches(table.config(), keys, value));
    }

    private static boolean configMatches(ModelConfig config, String[] keys, String value) {
        Object found = config.values();
        for (String key : keys) {
            found = found instanceof Map<?, ?> map ? map.get(key) : null;
        }
        if (found instanceof List<?> list) {
            return list.stream().anyMatch(item -> configEquals(item, keys, value));
        }
        return found != null && configEquals(found, keys, value);
    }

    private static boolean configEquals(Object found, String[] keys, String value) {
        boolean anyCase = found instanceof Boolean || keys[0].equals("severity");
        return anyCase ? value.equalsIgnoreCase(found.toString()) : value.equals(found.toString());
    }

    private static boolean isOfType(DataTest test, String type) {
        return switch (type) {
            case "generic", "schema" -> test.generic() != null;
            case "singular" -> test.generic() == null;
            case "data" -> true;
            case "unit" -> false;
            default ->
                throw new IllegalArgumentException("unknown test type '" + type + "'"
                        + Problems.nearest(type, List.of("generic", "singular", "data", "unit")));
        };
    }

    private Set<String> byState(String value) {
        if (state == null) {
            throw new IllegalArgumentException(
                    "'state:" + value + "' needs --state with the directory of an earlier manifest.json");
        }
        String kind = value;
        String aspect = null;
        int dot = value.indexOf('.');
        if (dot > 0) {
            kind = value.substring(0, dot);
            aspect = value.substring(dot + 1);
        }
        ProjectState old = state;
        String part = aspect;
        return switch (kind) {
            case "new" -> nodes(node -> !old.knows(node.uniqueId()));
            case "old" -> nodes(node -> old.knows(node.uniqueId()));
            case "modified" -> nodes(node -> !old.knows(node.uniqueId()) || old.modified(node, part));
            case "unmodified" -> nodes(node -> old.knows(node.uniqueId()) && !old.modified(node, null));
            default ->
                throw new IllegalArgumentException("unknown state '" + kind + "'"
                        + Problems.nearest(kind, List.of("new", "old", "modified", "unmodified")));
        };
    }

    private static boolean anyGlob(Collection<String> values, String pattern) {
        return values.stream().anyMatch(value -> glob(pattern, value));
    }

    private static boolean isGlob(String pattern) {
        return pattern.contains("*") || pattern.contains("?") || pattern.contains("[");
    }

    /** Python's fnmatch: {@code *}, {@code ?} and {@code […]}. */
    static boolean glob(String pattern, String value) {
        if (!isGlob(pattern)) {
            return pattern.equals(value);
        }
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            int close = c == '[' ? pattern.indexOf(']', i + 2) : -1;
            if (c == '*') {
                regex.append(".*");
            } else if (c == '?') {
                regex.append('.');
            } else if (close > 0) {
                String body = pattern.substring(i + 1, close).replace("\\", "\\\\");
                regex.append('[')
                        .append(body.startsWith("!") ? "^" + body.substring(1) : body)
                        .append(']');
                i = close;
            } else {
                regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL).matcher(value).matches();
    }
}
