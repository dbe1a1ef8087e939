package dev.landfall.graph;

import dev.landfall.graph.NodeSelection.ProjectState;
import dev.landfall.project.DataTest;
import dev.landfall.project.Exposure;
import dev.landfall.project.Model;
import dev.landfall.project.ModelConfig;
import dev.landfall.project.ModelVersion;
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
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What each of dbt's methods of selection matches by itself, without relatives and tests. */
final class SelectionMethods {
    private static final List<String> NAMES = List.of(
            "access",
            "config",
            "exposure",
            "file",
            "fqn",
            "group",
            "metric",
            "package",
            "path",
            "resource_type",
            "result",
            "saved_query",
            "selector",
            "semantic_model",
            "source",
            "source_status",
            "state",
            "tag",
            "test_name",
            "test_type",
            "unit_test",
            "version");

    private final Project project;
    private final @Nullable ProjectState state;
    private final List<Member> members = new ArrayList<>();

    /**
     * Something that may be selected.
     *
     * @param node null for a source and an exposure
     * @param source null for all others
     */
    private record Member(
            String id,
            String kind,
            String packageName,
            String name,
            List<String> fqn,
            Path file,
            ModelConfig config,
            Collection<String> tags,
            @Nullable Node node,
            @Nullable SourceTable source) {

        static Member of(Node node) {
            return new Member(
                    node.uniqueId(),
                    node.resourceType(),
                    node.packageName(),
                    node.name(),
                    node.fqn(),
                    node.file(),
                    node.config(),
                    node.tags(),
                    node,
                    null);
        }

        static Member of(SourceTable table) {
            return new Member(
                    table.uniqueId(),
                    "source",
                    table.packageName(),
                    table.name(),
                    table.fqn(),
                    table.file(),
                    table.config(),
                    table.tags(),
                    null,
                    table);
        }

        static Member of(Exposure exposure) {
            return new Member(
                    exposure.uniqueId(),
                    "exposure",
                    exposure.definition().packageName(),
                    exposure.name(),
                    exposure.definition().fqn(),
                    exposure.definition().file(),
                    exposure.config(),
                    exposure.config().tags(),
                    null,
                    null);
        }

        @Nullable
        ModelVersion version() {
            return node == null ? null : node.definition().version();
        }

        boolean configurable() {
            return node != null || source != null;
        }
    }

    SelectionMethods(Project project, @Nullable ProjectState state) {
        this.project = project;
        this.state = state;
        project.nodes().values().forEach(node -> members.add(Member.of(node)));
        project.sources().values().forEach(table -> members.add(Member.of(table)));
        project.appendix().exposures().values().forEach(exposure -> members.add(Member.of(exposure)));
    }

    /** @throws IllegalArgumentException when there is no such method */
    static void refuseUnknown(SelectionSpec.Term term) {
        String method = term.method();
        if (method != null && !NAMES.contains(method.replaceFirst("\\..*", ""))) {
            throw unknown(method, term.value());
        }
    }

    private static IllegalArgumentException unknown(String written, String value) {
        return new IllegalArgumentException("unknown selection method '" + written + "' in '" + written + ":" + value
                + "'" + Problems.nearest(written, NAMES));
    }

    /** @throws IllegalArgumentException when there is no such method, or the value means nothing to it */
    Set<String> matching(@Nullable String written, String value) {
        String method = written == null ? defaultMethod(value) : written;
        String argument = "";
        int dot = method.indexOf('.');
        if (dot > 0) {
            argument = method.substring(dot + 1);
            method = method.substring(0, dot);
        }
        return switch (method) {
            case "tag" -> ids(each -> anyGlob(each.tags(), value));
            case "path" -> byPath(value);
            case "file" -> ids(each -> isFile(each.file(), value));
            case "fqn" -> ids(each -> each.source() == null && isNamed(each, value));
            case "source" -> bySource(value);
            case "package" -> {
                String name = value.equals("this") ? project.name() : value;
                yield ids(each -> glob(name, each.packageName()));
            }
            case "config" -> byConfig(argument, value);
            case "resource_type" -> ids(each -> each.kind().equals(value));
            case "test_type" ->
                value.equals("unit")
                        ? ids(each -> each.node() instanceof UnitTest)
                        : ids(each -> each.node() instanceof DataTest test && isOfType(test, value));
            case "test_name" ->
                ids(each -> each.node() instanceof DataTest test
                        && test.generic() != null
                        && glob(value, test.generic().test()));
            case "group" ->
                ids(each -> each.node() != null
                        && each.config()
                                .text("group")
                                .filter(group -> glob(value, group))
                                .isPresent());
            case "access" ->
                ids(each -> each.node() instanceof Model
                        && value.equals(each.config().get("access")));
            case "version" -> byVersion(value);
            case "unit_test" ->
                ids(each -> each.node() instanceof UnitTest
                        && (glob(value, each.name()) || glob(value, each.packageName() + "." + each.name())));
            case "exposure" ->
                ids(each -> each.kind().equals("exposure")
                        && (glob(value, each.name()) || glob(value, each.packageName() + "." + each.name())));
            case "metric", "semantic_model", "saved_query" -> new LinkedHashSet<>();
            case "state" -> byState(value);
            case "result" -> byResult(value);
            case "source_status" ->
                throw new IllegalArgumentException("'source_status:" + value
                        + "' needs the results of dbt's 'source freshness', which landfall does not run; 'landfall"
                        + " status' tells how fresh streams are");
            default -> throw unknown(method, value);
        };
    }

    private static String defaultMethod(String value) {
        if (value.contains("/") || value.contains("\\")) {
            return "path";
        }
        String lower = value.toLowerCase(Locale.ROOT);
        return lower.endsWith(".sql") || lower.endsWith(".csv") || lower.endsWith(".py") ? "file" : "fqn";
    }

    private Set<String> ids(Predicate<Member> test) {
        Set<String> ids = new LinkedHashSet<>();
        for (Member each : members) {
            if (test.test(each)) {
                ids.add(each.id());
            }
        }
        return ids;
    }

    private Set<String> nodes(Predicate<Node> test) {
        return ids(each -> each.node() != null && test.test(each.node()));
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
        return ids(each -> {
            Path patch = each.node() == null ? null : each.node().definition().patchFile();
            return under.test(each.file()) || (patch != null && matcher.matches(patch));
        });
    }

    private static boolean isFile(Path path, String value) {
        String file = path.getFileName().toString();
        return glob(value, file) || glob(value, file.replaceFirst("\\.[^.]*$", ""));
    }

    /** By name, or by parts of the path with or without the package, the last of which may be globs. */
    private static boolean isNamed(Member each, String value) {
        List<String> fqn = each.fqn();
        boolean versioned = each.version() != null;
        return fqnMatches(fqn.subList(1, fqn.size()), value, versioned)
                || fqnMatches(fqn, value, versioned)
                || each.id().equals(value);
    }

    private static boolean fqnMatches(List<String> fqn, String value, boolean versioned) {
        if (fqn.isEmpty() || (versioned && fqn.size() < 2)) {
            return false;
        }
        // The last part of a versioned model's path is its version.
        String name = fqn.get(fqn.size() - (versioned ? 2 : 1));
        if (value.equals(name) || (versioned && isVersion(fqn, value))) {
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

    /** {@code orders.v2} and {@code orders_v2}. */
    private static boolean isVersion(List<String> fqn, String value) {
        List<String> parts = List.of(value.split("\\.", -1));
        String last = String.join("_", parts.subList(Math.max(0, parts.size() - 2), parts.size()));
        return last.equals(String.join("_", fqn.subList(fqn.size() - 2, fqn.size())));
    }

    private Set<String> bySource(String value) {
        String[] parts = value.split("\\.", -1);
        if (parts.length > 3) {
            throw new IllegalArgumentException(
                    "'source:" + value + "' has too many parts: source, source.table or package.source.table");
        }
        String owner = parts.length == 3 ? parts[0] : "*";
        String source = parts.length == 3 ? parts[1] : parts[0];
        String table = parts.length == 1 ? "*" : parts[parts.length - 1];
        return ids(each -> each.source() != null
                && glob(owner, each.packageName())
                && glob(source, each.source().source())
                && glob(table, each.name()));
    }

    private Set<String> byVersion(String value) {
        if (!List.of("latest", "prerelease", "old", "none").contains(value)) {
            throw new IllegalArgumentException(
                    "unknown version '" + value + "': it is latest, prerelease, old or none");
        }
        return ids(each -> {
            ModelVersion version = each.version();
            if (version == null) {
                return each.node() instanceof Model && value.equals("none");
            }
            int order = version.comparedToLatest();
            return switch (value) {
                case "latest" -> version.isLatest();
                case "prerelease" -> order > 0;
                case "old" -> order < 0;
                default -> false;
            };
        });
    }

    private Set<String> byResult(String value) {
        if (state == null) {
            throw new IllegalArgumentException(
                    "'result:" + value + "' needs --state with the directory of an earlier run_results.json");
        }
        Set<String> ended = state.ended(value);
        return ids(each -> ended.contains(each.id()));
    }

    private Set<String> byConfig(String path, String value) {
        if (path.isEmpty()) {
            throw new IllegalArgumentException("'config:" + value + "' names no key: config.materialized:" + value);
        }
        String[] keys = path.split("\\.", -1);
        return ids(each -> each.configurable() && configMatches(each.config(), keys, value));
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
