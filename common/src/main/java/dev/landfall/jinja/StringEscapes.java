package dev.landfall.jinja;

/** What a backslash means inside of a string literal: Python's rules. Unknown ones stay as they are written. */
final class StringEscapes {
    private final String source;
    private final StringBuilder out = new StringBuilder();
    private int position;

    private StringEscapes(String source) {
        this.source = source;
    }

    /** The characters that the text between the quotes stands for. */
    static String resolve(String literal) {
        return literal.indexOf('\\') < 0 ? literal : new StringEscapes(literal).resolve();
    }

    private String resolve() {
        while (position < source.length()) {
            char character = source.charAt(position++);
            if (character != '\\') {
                out.append(character);
            } else if (position >= source.length()) {
                throw new JinjaException("\\ at end of string");
            } else {
                escape(source.charAt(position++));
            }
        }
        return out.toString();
    }

    private void escape(char character) {
        switch (character) {
            case '\n' -> {}
            case '\\', '\'', '"' -> out.append(character);
            case 'a' -> out.append((char) 0x07);
            case 'b' -> out.append('\b');
            case 'f' -> out.append('\f');
            case 'n' -> out.append('\n');
            case 'r' -> out.append('\r');
            case 't' -> out.append('\t');
            case 'v' -> out.append((char) 0x0b);
            case 'x' -> hexadecimal(2, "truncated \\xXX escape");
            case 'u' -> hexadecimal(4, "truncated \\uXXXX escape");
            case 'U' -> hexadecimal(8, "truncated \\UXXXXXXXX escape");
            case 'N' -> named();
            case '0', '1', '2', '3', '4', '5', '6', '7' -> octal();
            default -> out.append('\\').append(character);
        }
    }

    private void hexadecimal(int digits, String problem) {
        int code = 0;
        for (int index = 0; index < digits; index++) {
            int digit = position < source.length() ? Character.digit(source.charAt(position), 16) : -1;
            if (digit < 0) {
                throw new JinjaException(problem);
            }
            code = code * 16 + digit;
            position++;
        }
        if (!Character.isValidCodePoint(code)) {
            throw new JinjaException("illegal Unicode character");
        }
        out.appendCodePoint(code);
    }

    private void octal() {
        int code = source.charAt(position - 1) - '0';
        for (int index = 0; index < 2 && position < source.length(); index++) {
            int digit = Character.digit(source.charAt(position), 8);
            if (digit < 0) {
                break;
            }
            code = code * 8 + digit;
            position++;
        }
        out.append((char) code);
    }

    private void named() {
        int end = source.startsWith("{", position) ? source.indexOf('}', position) : -1;
        if (end < 0) {
            throw new JinjaException("malformed \\N character escape");
        }
        try {
            out.appendCodePoint(Character.codePointOf(source.substring(position + 1, end)));
        } catch (IllegalArgumentException unknown) {
            throw new JinjaException("unknown Unicode character name");
        }
        position = end + 1;
    }
}
