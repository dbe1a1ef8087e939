package dev.landfall.project;

import dev.landfall.jinja.Location;
import dev.landfall.jinja.Python;
import java.math.BigInteger;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;

/**
 * Reads YAML as dbt's own reader does (YAML 1.1), and keeps line numbers. Values are those of templates: null, Boolean,
 * Long, BigInteger, Double, String, LocalDate, LocalDateTime, List and {@link YamlMap}.
 */
public final class YamlFile {
    private static final Pattern INTEGER = Pattern.compile("[-+]?(0b[0-1_]+|0x[0-9a-fA-F_]+|0|[1-9][0-9_]*|0[0-7_]+)");
    private static final Pattern BASE_60 = Pattern.compile("[-+]?[1-9][0-9_]*(:[0-5]?[0-9])+");
    private static final Pattern FLOAT =
            Pattern.compile("[-+]?(([0-9][0-9_]*)\\.[0-9_]*|\\.[0-9][0-9_]*)([eE][-+][0-9]+)?");
    private static final Pattern TIME =
            Pattern.compile("(\\d{4})-(\\d\\d?)-(\\d\\d?)(?:(?:[Tt]|[ \\t]+)(\\d\\d?):(\\d\\d):(\\d\\d)(?:\\.(\\d*))?"
                    + "(?:[ \\t]*(Z|([-+])(\\d\\d?)(?::(\\d\\d))?))?)?");
    private static final int MAX_DEPTH = 200;

    private final String file;
    private final String text;
    private final Problems problems;

    private YamlFile(String file, String text, Problems problems) {
        this.file = file;
        this.text = text;
        this.problems = problems;
    }

    /**
     * The mapping at the top of a file; an empty one when the file is empty or wrong. What is wrong is told.
     *
     * @param file how messages name it
     */
    public static YamlMap read(String file, String text, Problems problems) {
        Object value = value(file, text, problems);
        if (value instanceof YamlMap map) {
            return map;
        }
        if (value != null) {
            problems.error(new Location(file, 1, 1), "must hold keys and values, but holds " + kind(value));
        }
        return YamlMap.none(file, 1);
    }

    /** Any value: {@code --vars '{a: 1}'}. */
    public static @Nullable Object value(String file, String text, Problems problems) {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(64 * 1024 * 1024);
        options.setNestingDepthLimit(MAX_DEPTH);
        try {
            Node root = new Yaml(
                            new SafeConstructor(options),
                            new Representer(new org.yaml.snakeyaml.DumperOptions()),
                            new org.yaml.snakeyaml.DumperOptions(),
                            options)
                    .compose(new java.io.StringReader(text));
            return root == null ? null : new YamlFile(file, text, problems).convert(root, 0);
        } catch (MarkedYAMLException e) {
            Mark mark = e.getProblemMark() == null ? e.getContextMark() : e.getProblemMark();
            String problem = Objects.requireNonNullElse(e.getProblem(), "not YAML");
            String context = e.getContext() == null ? "" : " " + e.getContext();
            problems.error(
                    mark == null ? new Location(file, 0, 0) : place(file, mark),
                    "not YAML: " + problem + context + snippet(text, mark));
        } catch (YAMLException e) {
            problems.error(file, 0, "not YAML: " + e.getMessage());
        }
        return null;
    }

    private static String snippet(String text, @Nullable Mark mark) {
        if (mark == null) {
            return "";
        }
        return text.lines()
                .skip(mark.getLine())
                .findFirst()
                .map(line -> ", in '" + line.strip() + "'")
                .orElse("");
    }

    private @Nullable Object convert(Node node, int depth) {
        if (depth > MAX_DEPTH) {
            throw new YAMLException("nested more than " + MAX_DEPTH + " deep");
        }
        if (node instanceof ScalarNode scalar) {
            return scalar(scalar);
        }
        if (node instanceof SequenceNode sequence) {
            YamlList list = new YamlList();
            sequence.getValue().forEach(item -> list.add(convert(item, depth + 1), place(item)));
            return list;
        }
        return map((MappingNode) node, depth);
    }

    private YamlMap map(MappingNode node, int depth) {
        YamlMap map = new YamlMap(place(node));
        List<YamlMap> merged = new ArrayList<>();
        for (NodeTuple tuple : node.getValue()) {
            Node keyNode = tuple.getKeyNode();
            if (keyNode.getTag().equals(Tag.MERGE)) {
                merge(convert(tuple.getValueNode(), depth + 1), keyNode, merged);
                continue;
            }
            String key = text(convert(keyNode, depth + 1));
            if (map.containsKey(key)) {
                problems.warn(
                        place(keyNode),
                        "'" + key + "' stands twice in one mapping (line "
                                + map.at(key).line() + " too); the last one counts");
            }
            map.put(key, convert(tuple.getValueNode(), depth + 1), place(keyNode), place(tuple.getValueNode()));
        }
        for (YamlMap other : merged) {
            other.forEach((key, value) -> {
                if (!map.containsKey(key)) {
                    map.put(key, value, other.at(key), other.valueAt(key));
                }
            });
        }
        return map;
    }

    private void merge(@Nullable Object value, Node key, List<YamlMap> merged) {
        if (value instanceof YamlMap map) {
            merged.add(map);
        } else if (value instanceof List<?> list && list.stream().allMatch(YamlMap.class::isInstance)) {
            list.forEach(item -> merged.add((YamlMap) item));
        } else {
            problems.error(place(key), "'<<' merges a mapping or a list of mappings");
        }
    }

    private @Nullable Object scalar(ScalarNode node) {
        String text = node.getValue();
        Tag tag = node.getTag();
        if (!node.isPlain() || tag.equals(Tag.STR)) {
            return text;
        }
        if (tag.equals(Tag.NULL)) {
            return null;
        }
        if (tag.equals(Tag.BOOL)) {
            return switch (text.toLowerCase(Locale.ROOT)) {
                case "yes", "true", "on" -> true;
                default -> false;
            };
        }
        if (tag.equals(Tag.INT) || tag.equals(Tag.FLOAT)) {
            return number(text);
        }
        if (tag.equals(Tag.TIMESTAMP)) {
            return time(text);
        }
        return text;
    }

    /** The number that Python's YAML reads, or the text where it reads none ({@code 1e3}). */
    private static Object number(String text) {
        String digits = text.replace("_", "");
        if (INTEGER.matcher(text).matches()) {
            String body = digits.replaceFirst("^[-+]", "");
            BigInteger value = body.startsWith("0b")
                    ? new BigInteger(body.substring(2), 2)
                    : body.startsWith("0x")
                            ? new BigInteger(body.substring(2), 16)
                            : body.startsWith("0") && body.length() > 1
                                    ? new BigInteger(body.substring(1), 8)
                                    : new BigInteger(body);
            return integer(digits.startsWith("-") ? value.negate() : value);
        }
        if (BASE_60.matcher(text).matches()) {
            BigInteger value = BigInteger.ZERO;
            for (String part : digits.replaceFirst("^[-+]", "").split(":", -1)) {
                value = value.multiply(BigInteger.valueOf(60)).add(new BigInteger(part));
            }
            return integer(digits.startsWith("-") ? value.negate() : value);
        }
        if (FLOAT.matcher(text).matches()) {
            return Double.valueOf(digits);
        }
        String lower = digits.toLowerCase(Locale.ROOT);
        return switch (lower) {
            case ".inf", "+.inf" -> Double.POSITIVE_INFINITY;
            case "-.inf" -> Double.NEGATIVE_INFINITY;
            case ".nan" -> Double.NaN;
            default -> text;
        };
    }

    private static Object integer(BigInteger value) {
        return value.bitLength() < Long.SIZE ? (Object) value.longValue() : value;
    }

    private static Object time(String text) {
        Matcher found = TIME.matcher(text);
        if (!found.matches()) {
            return text;
        }
        try {
            LocalDate date = LocalDate.of(
                    Integer.parseInt(found.group(1)),
                    Integer.parseInt(found.group(2)),
                    Integer.parseInt(found.group(3)));
            if (found.group(4) == null) {
                return date;
            }
            String fraction = Objects.requireNonNullElse(found.group(7), "");
            int micros = Integer.parseInt((fraction + "000000").substring(0, 6));
            LocalDateTime time = date.atTime(
                    Integer.parseInt(found.group(4)),
                    Integer.parseInt(found.group(5)),
                    Integer.parseInt(found.group(6)),
                    micros * 1000);
            if (found.group(8) == null) {
                return time;
            }
            ZoneOffset offset = ZoneOffset.UTC;
            if (found.group(9) != null) {
                int minutes = Integer.parseInt(found.group(10)) * 60
                        + Integer.parseInt(Objects.requireNonNullElse(found.group(11), "0"));
                offset = ZoneOffset.ofTotalSeconds((found.group(9).equals("-") ? -60 : 60) * minutes);
            }
            return OffsetDateTime.of(time, offset);
        } catch (java.time.DateTimeException e) {
            return text;
        }
    }

    /** A scalar as Python prints it: {@code True}, {@code None}, {@code 1.0}. */
    static String text(@Nullable Object value) {
        return Python.str(value);
    }

    /** Where a mapping or a list begins, or the text of a scalar inside its quotes. */
    private Location place(Node node) {
        Location start = place(file, node.getStartMark());
        if (!(node instanceof ScalarNode scalar) || scalar.isPlain()) {
            return start;
        }
        return switch (scalar.getScalarStyle()) {
            case LITERAL, FOLDED -> new Location(file, start.line() + 1, 1 + indentation(start.line()));
            default -> new Location(file, start.line(), start.column() + 1);
        };
    }

    /** How far the line is indented. Lines are counted from 0 here. */
    private int indentation(int line) {
        return text.lines()
                .skip(line)
                .findFirst()
                .map(each -> each.length() - each.stripLeading().length())
                .orElse(0);
    }

    private static Location place(String file, Mark mark) {
        return new Location(file, mark.getLine() + 1, mark.getColumn() + 1);
    }

    /** What a value is, in the words of messages. */
    static String kind(Object value) {
        return value instanceof List ? "a list" : value instanceof Map ? "a mapping" : "'" + text(value) + "'";
    }
}
