package dev.landfall.warehouse;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Just enough of SQL's spelling to walk over a text: strings, quoted names, comments and brackets. */
final class SqlText {
    private static final Set<String> READING = Set.of(
            "with", "select", "from", "pivot", "unpivot", "values", "table", "describe", "desc", "summarize", "show");
    private static final Set<String> WRITING =
            Set.of("insert", "update", "delete", "merge", "copy", "create", "drop", "alter", "truncate");

    private static final Set<String> MAKING = Set.of("create", "replace");
    private static final Set<String> KEEPING = Set.of("persistent", "temporary", "temp");

    private final String text;

    SqlText(String text) {
        this.text = text;
    }

    /**
     * The position after what begins here: a string, a quoted name, a comment, a word or number, or one character.
     * What is never closed ends with the text.
     */
    int after(int at) {
        char c = text.charAt(at);
        if (c == '\'') {
            boolean escapes =
                    at > 0 && "eE".indexOf(text.charAt(at - 1)) >= 0 && (at == 1 || !isWord(text.charAt(at - 2)));
            return afterQuoted(at, '\'', escapes);
        }
        if (c == '"') {
            return afterQuoted(at, '"', false);
        }
        if (text.startsWith("--", at)) {
            int end = text.indexOf('\n', at);
            return end < 0 ? text.length() : end + 1;
        }
        if (text.startsWith("/*", at)) {
            return afterBlockComment(at);
        }
        if (c == '$' && (at == 0 || !isWord(text.charAt(at - 1)))) {
            return afterDollar(at);
        }
        int end = at + 1;
        if (isWord(c)) {
            while (end < text.length() && isWord(text.charAt(end))) {
                end++;
            }
        }
        return end;
    }

    private int afterQuoted(int at, char quote, boolean escapes) {
        for (int i = at + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (escapes && c == '\\') {
                i++;
            } else if (c == quote) {
                if (i + 1 < text.length() && text.charAt(i + 1) == quote) {
                    i++;
                } else {
                    return i + 1;
                }
            }
        }
        return text.length();
    }

    private int afterBlockComment(int at) {
        int depth = 0;
        for (int i = at; i < text.length(); i++) {
            if (text.startsWith("/*", i)) {
                depth++;
                i++;
            } else if (text.startsWith("*/", i)) {
                i++;
                if (--depth == 0) {
                    return i + 1;
                }
            }
        }
        return text.length();
    }

    private int afterDollar(int at) {
        int tagEnd = at + 1;
        while (tagEnd < text.length() && isWord(text.charAt(tagEnd))) {
            tagEnd++;
        }
        if (tagEnd >= text.length() || text.charAt(tagEnd) != '$') {
            return tagEnd;
        }
        String tag = text.substring(at, tagEnd + 1);
        int end = text.indexOf(tag, tagEnd + 1);
        return end < 0 ? text.length() : end + tag.length();
    }

    static boolean isWord(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c >= 0x80;
    }

    boolean isSpace(int at) {
        return Character.isWhitespace(text.charAt(at)) || text.startsWith("--", at) || text.startsWith("/*", at);
    }

    /** The first position from here that holds neither white space nor a comment. */
    int skipSpace(int at) {
        int position = at;
        while (position < text.length() && isSpace(position)) {
            position = after(position);
        }
        return position;
    }

    /**
     * From the position after an opening bracket: that of the comma or closing bracket that ends the first part, or the
     * text's length.
     */
    int endOfPart(int at) {
        int depth = 0;
        int position = at;
        while (position < text.length()) {
            char c = text.charAt(position);
            if ("([{".indexOf(c) >= 0) {
                depth++;
            } else if (")]}".indexOf(c) >= 0) {
                if (depth-- == 0) {
                    return position;
                }
            } else if (c == ',' && depth == 0) {
                return position;
            }
            position = after(position);
        }
        return position;
    }

    /** Why this text cannot stand in brackets as one query, or the empty string. */
    String whyNotOneQuery() {
        int depth = 0;
        int position = 0;
        boolean empty = true;
        while (position < text.length()) {
            if (isSpace(position)) {
                position = after(position);
                continue;
            }
            empty = false;
            char c = text.charAt(position);
            if (c == ';') {
                return skipSpace(position + 1) == text.length()
                        ? "it ends with a semicolon; leave it out, a model is one query without an end mark"
                        : "it is more than one statement (a semicolon in line " + lineOf(position)
                                + "); a model is one query";
            }
            if (c == '(') {
                depth++;
            } else if (c == ')' && --depth < 0) {
                return "a closing bracket too many in line " + lineOf(position);
            }
            position = after(position);
        }
        return empty ? "it is empty" : depth > 0 ? "a bracket is never closed" : "";
    }

    /** Why this text may do more than read, judged by its words alone, or the empty string. */
    String whyNotReading() {
        int first = skipSpace(0);
        if (!READING.contains(wordAt(first)) && text.charAt(first) != '(') {
            return "syntax error: a model is a query, and this begins with '" + text.substring(first, after(first))
                    + "'";
        }
        for (int position = 0; position < text.length(); position = after(position)) {
            if (text.charAt(position) == '(' && WRITING.contains(wordAt(skipSpace(position + 1)))) {
                return "a WITH clause that writes (line " + lineOf(position) + "); a model only reads";
            }
        }
        return "";
    }

    /** Whether some statement of this text makes a secret, which no setting of DuckDB's forbids. */
    boolean makesSecret() {
        String before = "";
        String beforeThat = "";
        for (int position = skipSpace(0); position < text.length(); position = skipSpace(after(position))) {
            String word = wordAt(position);
            boolean made = MAKING.contains(before) || (KEEPING.contains(before) && MAKING.contains(beforeThat));
            if (made && word.equals("secret")) {
                return true;
            }
            beforeThat = before;
            before = word;
        }
        return false;
    }

    private String wordAt(int position) {
        return position < text.length()
                ? text.substring(position, after(position)).toLowerCase(Locale.ROOT)
                : "";
    }

    int lineOf(int position) {
        return (int) text.substring(0, position).chars().filter(c -> c == '\n').count() + 1;
    }

    /** Positions of these words followed by an opening bracket, outside of strings and comments. */
    List<Integer> callsOf(Set<String> names) {
        List<Integer> calls = new ArrayList<>();
        int position = 0;
        while (position < text.length()) {
            int end = after(position);
            String word = text.substring(position, end).toLowerCase(Locale.ROOT);
            int next = skipSpace(end);
            if (names.contains(word) && next < text.length() && text.charAt(next) == '(') {
                calls.add(position);
            }
            position = end;
        }
        return calls;
    }
}
