package dev.landfall.jinja;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tokens of a template with a place in them, and the depth that the parser has reached. */
final class TokenStream {
    private final String file;
    private final String source;
    private final List<Token> tokens;
    private final int maxDepth;
    private int next;
    private int depth;

    TokenStream(Location start, String source, Limits limits) {
        this.file = start.file();
        this.source = Lexer.normalize(source);
        this.tokens = Lexer.tokens(start, this.source);
        this.maxDepth = limits.parseDepth();
    }

    String file() {
        return file;
    }

    Token current() {
        return tokens.get(next);
    }

    Token following() {
        return tokens.get(Math.min(next + 1, tokens.size() - 1));
    }

    /** The current token, and one step forward. */
    Token take() {
        Token token = current();
        if (token.kind() != Token.Kind.END) {
            next++;
        }
        return token;
    }

    boolean at(Token.Kind kind) {
        return current().kind() == kind;
    }

    boolean atOperator(String sign) {
        return current().isOperator(sign);
    }

    boolean atName(String name) {
        return current().isName(name);
    }

    boolean skipOperator(String sign) {
        boolean found = atOperator(sign);
        if (found) {
            next++;
        }
        return found;
    }

    boolean skipName(String name) {
        boolean found = atName(name);
        if (found) {
            next++;
        }
        return found;
    }

    Token expect(Token.Kind kind) {
        if (!at(kind)) {
            throw unexpected(kind.description());
        }
        return take();
    }

    Token expectOperator(String sign) {
        if (!atOperator(sign)) {
            throw unexpected(sign);
        }
        return take();
    }

    Token expectName(String name) {
        if (!atName(name)) {
            throw unexpected(name);
        }
        return take();
    }

    private JinjaException unexpected(String expected) {
        if (at(Token.Kind.END)) {
            return failure("unexpected end of template, expected '" + expected + "'.");
        }
        return failure("expected token '" + expected + "', got "
                + Representation.repr(current().description()));
    }

    Location location() {
        return location(current());
    }

    Location location(Token token) {
        return new Location(file, token.line(), token.column());
    }

    JinjaException failure(String problem) {
        return new JinjaException(problem, location());
    }

    JinjaException failure(String problem, Token where) {
        return new JinjaException(problem, location(where));
    }

    /** The source between two positions. */
    String source(int start, int end) {
        return source.substring(start, end);
    }

    /** The token before the current one. */
    Token previous() {
        return tokens.get(Math.max(0, next - 1));
    }

    /** The bracket before a tag's name that was taken last. */
    Token beforePrevious() {
        return tokens.get(Math.max(0, next - 2));
    }

    /** Whether the template spells this name anywhere. */
    boolean contains(String name) {
        return tokens.stream().anyMatch(token -> token.isName(name));
    }

    /** One level further down: a bracket, a block, an operator that makes a chain longer. */
    void deeper() {
        depth++;
        if (depth > maxDepth) {
            throw new LimitExceededException(
                    "the template is nested more than " + maxDepth + " levels deep", location());
        }
    }

    void back(int levels) {
        depth -= levels;
    }

    static boolean isConstant(String name) {
        return switch (name) {
            case "true", "True", "false", "False", "none", "None" -> true;
            default -> false;
        };
    }

    /** What true, false and none stand for. */
    static @Nullable Object constant(String name) {
        return switch (name) {
            case "true", "True" -> true;
            case "false", "False" -> false;
            default -> null;
        };
    }
}
