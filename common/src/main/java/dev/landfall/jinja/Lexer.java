package dev.landfall.jinja;

import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a source into tokens, with jinja's white space control: a minus sign inside of a tag's bracket takes the white
 * space on that side away. One line feed at the very end is dropped and every line end becomes a line feed.
 */
final class Lexer {
    private static final String[] LONG_OPERATORS = {"**", "//", "==", "!=", "<=", ">="};
    private static final String SHORT_OPERATORS = "+-*/%~|=.,:<>()[]{};";

    private final String file;
    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int position;
    /** The line of {@link #counted}, and where that line begins. */
    private int line;

    private int lineStart;
    private int counted;

    private Lexer(Location start, String source) {
        this.file = start.file();
        this.source = source;
        this.line = start.line();
        this.lineStart = 1 - start.column();
    }

    /** The source as {@link #tokens} sees it, to which the positions of tokens refer. */
    static String normalize(String source) {
        String text =
                source.indexOf('\r') < 0 ? source : source.replace("\r\n", "\n").replace('\r', '\n');
        return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    }

    /** @param source {@link #normalize normalized} */
    static List<Token> tokens(Location start, String source) {
        Lexer lexer = new Lexer(start, source);
        lexer.readAll();
        return lexer.tokens;
    }

    private void readAll() {
        while (position < source.length()) {
            int start = position;
            int tag = nextTag(position);
            int textEnd = tag;
            char sign = tag + 2 < source.length() ? source.charAt(tag + 2) : ' ';
            if (sign == '-') {
                while (textEnd > start && Text.isSpace(source.charAt(textEnd - 1))) {
                    textEnd--;
                }
            }
            if (textEnd > start) {
                add(Token.Kind.TEXT, source.substring(start, textEnd), null, start, tag);
            }
            position = tag;
            if (tag < source.length()) {
                readTag(source.charAt(tag + 1), sign == '-' || sign == '+' ? tag + 3 : tag + 2);
            }
        }
        add(Token.Kind.END, "", null, source.length(), source.length());
    }

    /** Where the next opening bracket stands; the end of the source if there is none. */
    private int nextTag(int from) {
        int found = source.indexOf('{', from);
        while (found >= 0 && found + 1 < source.length()) {
            char second = source.charAt(found + 1);
            if (second == '{' || second == '%' || second == '#') {
                return found;
            }
            found = source.indexOf('{', found + 1);
        }
        return source.length();
    }

    /** @param inside the first position after the bracket and its sign */
    private void readTag(char bracket, int inside) {
        if (bracket == '#') {
            readComment(inside);
        } else if (bracket == '%' && isRaw(inside)) {
            readRaw(inside);
        } else {
            boolean print = bracket == '{';
            add(print ? Token.Kind.PRINT_BEGIN : Token.Kind.BLOCK_BEGIN, "", null, position, inside);
            position = inside;
            readInside(print);
        }
    }

    private void readComment(int inside) {
        int end = source.indexOf("#}", inside);
        if (end < 0) {
            if (inside >= source.length()) {
                position = source.length();
                return;
            }
            throw failure("Missing end of comment tag", position);
        }
        position = end + 2;
        if (end > inside && source.charAt(end - 1) == '-') {
            skipSpace();
        }
    }

    private boolean isRaw(int inside) {
        return closingOf("raw", inside, false) >= 0;
    }

    /** The position after {@code name %}}, with blanks around the name; negative if that is not what stands here. */
    private int closingOf(String name, int inside, boolean plusAllowed) {
        int at = afterSpace(inside);
        if (!source.startsWith(name, at)) {
            return -1;
        }
        at = afterSpace(at + name.length());
        if (source.startsWith("%}", at)) {
            return at + 2;
        }
        return source.startsWith("-%}", at) || (plusAllowed && source.startsWith("+%}", at)) ? at + 3 : -1;
    }

    private void readRaw(int inside) {
        int begin = position;
        int start = closingOf("raw", inside, false);
        if (source.startsWith("-%}", start - 3)) {
            start = afterSpace(start);
        }
        for (int tag = source.indexOf("{%", start); tag >= 0; tag = source.indexOf("{%", tag + 2)) {
            char sign = tag + 2 < source.length() ? source.charAt(tag + 2) : ' ';
            int after = closingOf("endraw", sign == '-' || sign == '+' ? tag + 3 : tag + 2, true);
            if (after >= 0) {
                String text = source.substring(start, tag);
                add(Token.Kind.TEXT, sign == '-' ? Text.stripRight(text) : text, null, start, tag);
                position = after;
                if (source.startsWith("-%}", after - 3)) {
                    skipSpace();
                }
                return;
            }
        }
        if (start < source.length()) {
            throw failure("Missing end of raw directive", begin);
        }
        position = source.length();
    }

    private void skipSpace() {
        position = afterSpace(position);
    }

    private int afterSpace(int from) {
        int at = from;
        while (at < source.length() && Text.isSpace(source.charAt(at))) {
            at++;
        }
        return at;
    }

    /** The expression or statement between two brackets. */
    private void readInside(boolean print) {
        Deque<Character> open = new ArrayDeque<>();
        while (position < source.length()) {
            skipSpace();
            if (position >= source.length() || (open.isEmpty() && readClosing(print))) {
                return;
            }
            char character = source.charAt(position);
            if (isDigit(character)) {
                readNumber();
            } else if (isNamePart(source.codePointAt(position))) {
                readName();
            } else if (character == '\'' || character == '"') {
                readString(character);
            } else {
                readOperator(open);
            }
        }
    }

    private boolean readClosing(boolean print) {
        String bracket = print ? "}}" : "%}";
        char first = source.charAt(position);
        int start = position;
        int at = first == '-' || (first == '+' && !print) ? position + 1 : position;
        if (!source.startsWith(bracket, at)) {
            return false;
        }
        position = at + 2;
        if (first == '-') {
            skipSpace();
        }
        add(print ? Token.Kind.PRINT_END : Token.Kind.BLOCK_END, "", null, start, at + 2);
        return true;
    }

    private void readName() {
        int start = position;
        while (position < source.length() && isNamePart(source.codePointAt(position))) {
            position += Character.charCount(source.codePointAt(position));
        }
        add(Token.Kind.NAME, source.substring(start, position), null, start, position);
    }

    private static boolean isDigit(char character) {
        return character >= '0' && character <= '9';
    }

    private static boolean isNamePart(int character) {
        return character == '_' || Character.isLetterOrDigit(character);
    }

    private void readOperator(Deque<Character> open) {
        String operator = operatorAt(position);
        if (operator.isEmpty()) {
            String character = source.substring(position, source.offsetByCodePoints(position, 1));
            throw failure(
                    "unexpected char " + Representation.repr(character) + " at " + Text.position(source, position),
                    position);
        }
        switch (operator) {
            case "(" -> open.push(')');
            case "[" -> open.push(']');
            case "{" -> open.push('}');
            case ")", "]", "}" -> close(open, operator.charAt(0));
            default -> {}
        }
        add(Token.Kind.OPERATOR, operator, null, position, position + operator.length());
        position += operator.length();
    }

    private void close(Deque<Character> open, char bracket) {
        if (open.isEmpty()) {
            throw failure("unexpected '" + bracket + "'", position);
        }
        char expected = open.pop();
        if (expected != bracket) {
            throw failure("unexpected '" + bracket + "', expected '" + expected + "'", position);
        }
    }

    private String operatorAt(int at) {
        for (String operator : LONG_OPERATORS) {
            if (source.startsWith(operator, at)) {
                return operator;
            }
        }
        char character = source.charAt(at);
        return SHORT_OPERATORS.indexOf(character) < 0 ? "" : String.valueOf(character);
    }

    private void readString(char quote) {
        int start = position;
        int end = start + 1;
        while (end < source.length() && source.charAt(end) != quote) {
            end += source.charAt(end) == '\\' ? 2 : 1;
        }
        if (end >= source.length()) {
            throw failure(
                    "unexpected char " + Representation.repr(String.valueOf(quote)) + " at "
                            + Text.position(source, start),
                    start);
        }
        try {
            String text = StringEscapes.resolve(source.substring(start + 1, end));
            add(Token.Kind.STRING, text, null, start, end + 1);
        } catch (JinjaException wrong) {
            throw failure(wrong.problem(), start);
        }
        position = end + 1;
    }

    /** As jinja's patterns: digits with single underscores, a fraction unless it follows a dot, an exponent. */
    private void readNumber() {
        int start = position;
        boolean afterDot = start > 0 && source.charAt(start - 1) == '.';
        int end = afterDot ? start : endOfFloat(start);
        if (end > start) {
            String digits = source.substring(start, end).replace("_", "");
            add(Token.Kind.FLOAT, digits, Double.parseDouble(digits), start, end);
        } else {
            end = endOfInteger(start);
            String digits = source.substring(start, end).replace("_", "");
            add(Token.Kind.INTEGER, digits, integer(digits), start, end);
        }
        position = end;
    }

    /** The start itself when there is neither fraction nor exponent. */
    private int endOfFloat(int start) {
        int end = endOfDigits(start, 10);
        boolean floating = false;
        if (end < source.length() && source.charAt(end) == '.') {
            int fraction = endOfDigits(end + 1, 10);
            if (fraction > end + 1) {
                end = fraction;
                floating = true;
            }
        }
        if (end < source.length() && (source.charAt(end) == 'e' || source.charAt(end) == 'E')) {
            int digits = end + 1;
            if (digits < source.length() && (source.charAt(digits) == '+' || source.charAt(digits) == '-')) {
                digits++;
            }
            int exponent = endOfDigits(digits, 10);
            if (exponent > digits) {
                end = exponent;
                floating = true;
            }
        }
        return floating ? end : start;
    }

    private int endOfInteger(int start) {
        if (source.charAt(start) == '0') {
            int radix = radix(start);
            if (radix != 10) {
                int digits = start + 2;
                if (digits < source.length() && source.charAt(digits) == '_') {
                    digits++;
                }
                int end = endOfDigits(digits, radix);
                if (end > digits) {
                    return end;
                }
            }
            int end = start + 1;
            while (end < source.length()
                    && (source.charAt(end) == '0' || (source.charAt(end) == '_' && source.startsWith("0", end + 1)))) {
                end++;
            }
            return end;
        }
        return endOfDigits(start, 10);
    }

    private int radix(int start) {
        char second = start + 1 < source.length() ? Character.toLowerCase(source.charAt(start + 1)) : ' ';
        return second == 'x' ? 16 : second == 'o' ? 8 : second == 'b' ? 2 : 10;
    }

    private int endOfDigits(int start, int radix) {
        int end = start;
        while (end < source.length()) {
            char character = source.charAt(end);
            boolean joins = character == '_'
                    && end > start
                    && end + 1 < source.length()
                    && isDigit(source.charAt(end + 1), radix);
            if (!joins && !isDigit(character, radix)) {
                break;
            }
            end++;
        }
        return end;
    }

    private static boolean isDigit(char character, int radix) {
        return character < 0x80 && Character.digit(character, radix) >= 0;
    }

    private static Object integer(String digits) {
        int radix = 10;
        String plain = digits;
        if (digits.length() > 2 && digits.charAt(0) == '0' && Character.isLetter(digits.charAt(1))) {
            char second = Character.toLowerCase(digits.charAt(1));
            radix = second == 'x' ? 16 : second == 'o' ? 8 : 2;
            plain = digits.substring(2);
        }
        Budget.current().allow(plain.length());
        return Values.integer(new BigInteger(plain, radix));
    }

    private void add(Token.Kind kind, String text, @Nullable Object value, int start, int end) {
        Location location = locate(start);
        tokens.add(new Token(kind, text, value, location.line(), location.column(), start, end));
    }

    private JinjaException failure(String problem, int at) {
        return new JinjaException(problem, locate(at));
    }

    /** Positions are asked for in rising order, so that lines are counted only once. */
    private Location locate(int at) {
        for (; counted < at; counted++) {
            if (source.charAt(counted) == '\n') {
                line++;
                lineStart = counted + 1;
            }
        }
        return new Location(file, line, at - lineStart + 1);
    }
}
