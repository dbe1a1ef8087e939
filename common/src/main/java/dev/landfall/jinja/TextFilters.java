package dev.landfall.jinja;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Filters that make a text of a value. */
final class TextFilters {
    private static final Pattern WORD = Pattern.compile("\\w+", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern WORD_BEGIN = Pattern.compile("[-\\s({\\[<]+", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern NOT_IN_ATTRIBUTE_NAME = Pattern.compile("[\\s/>=]");
    private static final String URL_SAFE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-~";

    private TextFilters() {}

    static void register() {
        add("upper", (text, arguments) -> text.toUpperCase(Locale.ROOT));
        add("lower", (text, arguments) -> text.toLowerCase(Locale.ROOT));
        add("capitalize", (text, arguments) -> StringMethods.capitalize(text));
        add("title", (text, arguments) -> title(text));
        add("trim", (text, arguments) -> StringMethods.strip(text, arguments.get(0, "chars"), true, true), "chars");
        add("replace", TextFilters::replace, "old", "new", "count");
        add(
                "center",
                (text, arguments) -> StringMethods.center(text, Values.toIndex(arguments.get(0, "width", 80L)), " "),
                "width");
        add("wordcount", (text, arguments) -> WORD.matcher(text).results().count());
        add("wordwrap", TextWrap::wrap, "width", "break_long_words", "wrapstring", "break_on_hyphens");
        Filters.add("truncate", TextFilters::truncate, "length", "killwords", "end", "leeway");
        add("striptags", (text, arguments) -> stripTags(text));
        Filters.add("indent", TextFilters::indent, "width", "first", "blank");
        Filters.add("string", (value, arguments) -> value instanceof Markup ? value : Representation.str(value));
        Filters.add("safe", (value, arguments) -> new Markup(Representation.str(value)));
        Filters.add("escape", (value, arguments) -> Markup.escape(value));
        Filters.add("e", (value, arguments) -> Markup.escape(value));
        Filters.add("forceescape", (value, arguments) -> Markup.escape(Representation.str(value)));
        Filters.addOpen("format", TextFilters::format);
        Filters.add("tojson", TextFilters::toJson, "indent");
        Filters.add("pprint", (value, arguments) -> PrettyPrint.format(value));
        Filters.add("xmlattr", TextFilters::xmlAttributes, "autospace");
        Filters.add("urlencode", (value, arguments) -> urlEncode(value));
        Filters.add("join", TextFilters::join, "d", "attribute");
    }

    /** A filter that prints its value first. */
    private static void add(String name, Methods.Body<String> body, String... parameters) {
        Filters.add(name, (value, arguments) -> body.call(Representation.str(value), arguments), parameters);
    }

    private static String title(String text) {
        StringBuilder out = new StringBuilder();
        Matcher matcher = WORD_BEGIN.matcher(text);
        int start = 0;
        while (matcher.find()) {
            out.append(capitalized(text.substring(start, matcher.start()))).append(matcher.group());
            start = matcher.end();
        }
        return out.append(capitalized(text.substring(start))).toString();
    }

    private static String capitalized(String word) {
        if (word.isEmpty()) {
            return word;
        }
        int first = word.offsetByCodePoints(0, 1);
        return word.substring(0, first).toUpperCase(Locale.ROOT)
                + word.substring(first).toLowerCase(Locale.ROOT);
    }

    private static Object replace(String text, Arguments arguments) {
        Object count = arguments.get(2, "count");
        return StringMethods.replace(
                text, arguments.text(0, "old"), arguments.text(1, "new"), count == null ? -1 : Values.toIndex(count));
    }

    private static @Nullable Object truncate(@Nullable Object value, Arguments arguments) {
        int length = arguments.integer(0, "length", 255);
        String end = arguments.text(2, "end", "...");
        Object leeway = arguments.get(3, "leeway");
        int tolerance = leeway == null ? 5 : Values.toIndex(leeway);
        if (length < Text.length(end)) {
            throw new JinjaException("expected length >= " + Text.length(end) + ", got " + length);
        }
        if (tolerance < 0) {
            throw new JinjaException("expected leeway >= 0, got " + tolerance);
        }
        if (Values.length(value) <= (long) length + tolerance) {
            return value;
        }
        if (!(value instanceof CharSequence)) {
            throw new JinjaException("'" + Values.typeName(value) + "' object has no attribute 'rsplit'");
        }
        String text = value.toString();
        String cut = text.substring(0, Text.offset(text, length - Text.length(end)));
        int lastBlank = cut.lastIndexOf(' ');
        boolean wholeWords = !arguments.flag(1, "killwords", false) && lastBlank >= 0;
        return (wholeWords ? cut.substring(0, lastBlank) : cut) + end;
    }

    private static Object stripTags(String text) {
        StringBuilder out = new StringBuilder();
        String rest = removeBetween(removeBetween(text, "<!--", "-->"), "<", ">");
        for (Object word : Splitting.split(rest, Arguments.none())) {
            out.append(out.isEmpty() ? "" : " ").append(word);
        }
        return out.toString()
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&#39;", "'")
                .replace("&#34;", "\"")
                .replace("&quot;", "\"")
                .replace("&amp;", "&");
    }

    private static String removeBetween(String text, String open, String close) {
        StringBuilder out = new StringBuilder();
        int start = 0;
        int opened = text.indexOf(open);
        while (opened >= 0) {
            int closed = text.indexOf(close, opened);
            if (closed < 0) {
                break;
            }
            out.append(text, start, opened);
            start = closed + close.length();
            opened = text.indexOf(open, start);
        }
        return out.append(text, start, text.length()).toString();
    }

    private static Object indent(@Nullable Object value, Arguments arguments) {
        if (value instanceof List<?>) {
            throw new JinjaException("'" + Values.typeName(value) + "' object has no attribute 'splitlines'");
        }
        if (!(value instanceof CharSequence)) {
            throw Values.unsuitable(
                    value, "unsupported operand type(s) for +=: '" + Values.typeName(value) + "' and 'str'");
        }
        Object width = arguments.get(0, "width", 4L);
        String indention = width instanceof CharSequence ? width.toString() : " ".repeat(Math.max(0, blanks(width)));
        boolean blank = arguments.flag(2, "blank", false);
        StringBuilder out = new StringBuilder();
        int index = 0;
        for (Object line : Splitting.lines(value + "\n", false)) {
            String text = Representation.str(line);
            if (index > 0) {
                out.append('\n');
            }
            boolean indented = index == 0 ? arguments.flag(1, "first", false) : blank || !text.isEmpty();
            out.append(indented ? indention : "").append(text);
            Budget.current().allow(out.length());
            index++;
        }
        return out.toString();
    }

    private static int blanks(@Nullable Object width) {
        int blanks = Values.toIndex(width);
        Budget.current().allow(blanks);
        return blanks;
    }

    private static Object format(@Nullable Object value, Arguments arguments) {
        if (!arguments.positional().isEmpty() && !arguments.keyword().isEmpty()) {
            throw new JinjaException("can't handle positional and keyword arguments at the same time");
        }
        Object values = arguments.keyword().isEmpty()
                ? PyTuple.copyOf(arguments.positional())
                : new LinkedHashMap<>(arguments.keyword());
        return PercentFormat.format(Representation.str(value), values);
    }

    private static Object toJson(@Nullable Object value, Arguments arguments) {
        Object indent = arguments.get(0, "indent");
        Values.requireDefined(value);
        String json = indent == null ? Json.write(value, true) : Json.write(value, true, Values.toIndex(indent));
        return new Markup(json.replace("<", "\\u003c")
                .replace(">", "\\u003e")
                .replace("&", "\\u0026")
                .replace("'", "\\u0027"));
    }

    private static Object xmlAttributes(@Nullable Object value, Arguments arguments) {
        if (!(value instanceof Map<?, ?> map)) {
            throw Values.unsuitable(value, "'" + Values.typeName(value) + "' object has no attribute 'items'");
        }
        List<String> attributes = new ArrayList<>();
        map.forEach((key, content) -> {
            if (content == null || content instanceof Undefined) {
                return;
            }
            if (!(key instanceof CharSequence)) {
                throw new JinjaException("expected string or bytes-like object, got '" + Values.typeName(key) + "'");
            }
            String name = key.toString();
            if (NOT_IN_ATTRIBUTE_NAME.matcher(name).find()) {
                throw new JinjaException("Invalid character in attribute name: " + Representation.repr(name));
            }
            attributes.add(Markup.escape(name) + "=\"" + Markup.escape(content) + "\"");
        });
        String text = String.join(" ", attributes);
        return arguments.flag(0, "autospace", true) && !text.isEmpty() ? " " + text : text;
    }

    private static Object urlEncode(@Nullable Object value) {
        if (value instanceof CharSequence || !Values.isIterable(value)) {
            return quote(Representation.str(value), "/");
        }
        Object pairs = value instanceof Map<?, ?> map ? new DictView(DictView.Kind.ITEMS, map) : value;
        List<String> parts = new ArrayList<>();
        for (Object pair : Values.elements(pairs)) {
            List<@Nullable Object> entry = Values.list(pair);
            if (entry.size() != 2) {
                throw new JinjaException(Targets.unpackProblem(2, entry.size()));
            }
            parts.add(quoteForQuery(entry.get(0)) + "=" + quoteForQuery(entry.get(1)));
        }
        return String.join("&", parts);
    }

    private static String quoteForQuery(@Nullable Object value) {
        return quote(Representation.str(value), "").replace("%20", "+");
    }

    private static String quote(String text, String alsoSafe) {
        StringBuilder out = new StringBuilder();
        for (byte unit : text.getBytes(StandardCharsets.UTF_8)) {
            char character = (char) (unit & 0xff);
            if (URL_SAFE.indexOf(character) >= 0 || alsoSafe.indexOf(character) >= 0) {
                out.append(character);
            } else {
                out.append(String.format(Locale.ROOT, "%%%02X", (int) character));
            }
        }
        Budget.current().allow(out.length());
        return out.toString();
    }

    private static Object join(@Nullable Object value, Arguments arguments) {
        String separator = arguments.text(0, "d", "");
        AttributePath attribute = AttributePath.of(arguments.get(1, "attribute"));
        StringBuilder out = new StringBuilder();
        Budget budget = Budget.current();
        boolean first = true;
        for (Object element : Values.elements(value)) {
            out.append(first ? "" : separator).append(Representation.str(attribute.get(element)));
            first = false;
            budget.step();
            budget.allow(out.length());
        }
        return out.toString();
    }
}
