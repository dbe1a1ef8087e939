package dev.landfall.jinja;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Python's {@code ast.literal_eval}: the value that a text spells. */
final class PythonLiteral {
    private static final Limits LIMITS = Limits.DEFAULT;

    private PythonLiteral() {}

    /** The value; the text itself when it is not a literal. */
    static @Nullable Object parse(String text) {
        String literal = Text.strip(text);
        if (literal.startsWith("{%") || literal.isEmpty()) {
            return text;
        }
        try {
            Expression expression = ExpressionParser.parseLiteral(literal, LIMITS);
            return expression == null ? text : expression.evaluate(Scope.root(Map.of(), LIMITS));
        } catch (JinjaException notALiteral) {
            return text;
        }
    }

    /** Whether it is made of constants, signs and brackets alone. */
    static boolean isLiteral(Expression expression) {
        if (expression instanceof Literals.ListLiteral list) {
            return list.elements().stream().allMatch(PythonLiteral::isLiteral);
        }
        if (expression instanceof Literals.TupleLiteral tuple) {
            return tuple.elements().stream().allMatch(PythonLiteral::isLiteral);
        }
        if (expression instanceof Literals.DictLiteral dict) {
            return dict.keys().stream().allMatch(PythonLiteral::isLiteral)
                    && dict.values().stream().allMatch(PythonLiteral::isLiteral);
        }
        if (expression instanceof Operations.Sign sign) {
            return sign.operand() instanceof Literals.Constant number && Values.isNumber(number.value());
        }
        return expression instanceof Literals.Constant;
    }
}
