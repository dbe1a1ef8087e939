package dev.landfall.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Python's {@code textwrap.wrap} as the filter wordwrap uses it: each line of the text is a paragraph. */
final class TextWrap {
    private static final Pattern SPACES_OR_WORDS = Pattern.compile("[\\t\\n\\u000b\\f\\r ]+|[^\\t\\n\\u000b\\f\\r ]+");
    /** A word up to and with its hyphen, if letters stand on both sides. */
    private static final Pattern HYPHENATED =
            Pattern.compile("(?<=[\\p{L}_]{2}-)(?=[\\p{L}_]{2})|(?<=[\\p{L}_]-)(?=[\\p{L}_]-?[\\p{L}_])");

    private final int width;
    private final boolean breakLongWords;
    private final List<String> lines = new ArrayList<>();

    private TextWrap(int width, boolean breakLongWords) {
        this.width = width;
        this.breakLongWords = breakLongWords;
    }

    static Object wrap(String text, Arguments arguments) {
        int width = Values.toIndex(arguments.get(0, "width", 79L));
        if (width <= 0) {
            throw new JinjaException("invalid width " + width + " (must be > 0)");
        }
        boolean breakLongWords = arguments.flag(1, "break_long_words", true);
        Object separator = arguments.get(2, "wrapstring");
        boolean breakOnHyphens = arguments.flag(3, "break_on_hyphens", true);
        List<String> paragraphs = new ArrayList<>();
        String between = separator == null ? "\n" : Representation.str(separator);
        for (Object line : Splitting.lines(text, false)) {
            TextWrap wrap = new TextWrap(width, breakLongWords);
            wrap.fill(chunks(Representation.str(line), breakOnHyphens));
            paragraphs.add(String.join(between, wrap.lines));
        }
        return String.join(between, paragraphs);
    }

    private static List<String> chunks(@Nullable String text, boolean breakOnHyphens) {
        List<String> chunks = new ArrayList<>();
        Matcher matcher = SPACES_OR_WORDS.matcher(text == null ? "" : text);
        while (matcher.find()) {
            String chunk = matcher.group();
            if (breakOnHyphens && chunk.indexOf('-') > 0) {
                chunks.addAll(List.of(HYPHENATED.split(chunk)));
            } else {
                chunks.add(chunk);
            }
        }
        return chunks;
    }

    private void fill(List<String> chunks) {
        List<String> line = new ArrayList<>();
        int length = 0;
        int next = 0;
        List<String> rest = new ArrayList<>(chunks);
        while (next < rest.size()) {
            String chunk = rest.get(next);
            if (line.isEmpty() && !lines.isEmpty() && chunk.isBlank()) {
                next++;
                continue;
            }
            int chunkLength = Text.length(chunk);
            if (length + chunkLength <= width) {
                line.add(chunk);
                length += chunkLength;
                next++;
                continue;
            }
            if (chunkLength > width) {
                int room = Math.max(1, width - length);
                if (breakLongWords) {
                    int cut = Text.offset(chunk, room);
                    line.add(chunk.substring(0, cut));
                    rest.set(next, chunk.substring(cut));
                } else if (line.isEmpty()) {
                    line.add(chunk);
                    next++;
                }
            }
            flush(line);
            length = 0;
            Budget.current().step();
        }
        flush(line);
    }

    private void flush(List<String> line) {
        if (!line.isEmpty() && line.get(line.size() - 1).isBlank()) {
            line.remove(line.size() - 1);
        }
        if (!line.isEmpty()) {
            lines.add(String.join("", line));
            line.clear();
        }
    }
}
