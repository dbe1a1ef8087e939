package dev.landfall.jinja;

import org.jspecify.annotations.Nullable;

/**
 * A piece of a template's source.
 *
 * @param text the text between tags, a name, an operator's sign; the characters that a string stands for
 * @param value what a number stands for
 * @param start where it begins in the source
 * @param end where the next one begins
 */
record Token(Kind kind, String text, @Nullable Object value, int line, int column, int start, int end) {

    enum Kind {
        TEXT("template data / text"),
        PRINT_BEGIN("begin of print statement"),
        PRINT_END("end of print statement"),
        BLOCK_BEGIN("begin of statement block"),
        BLOCK_END("end of statement block"),
        NAME("name"),
        STRING("string"),
        INTEGER("integer"),
        FLOAT("float"),
        OPERATOR("operator"),
        END("end of template");

        private final String description;

        Kind(String description) {
            this.description = description;
        }

        String description() {
            return description;
        }
    }

    boolean isOperator(String sign) {
        return kind == Kind.OPERATOR && text.equals(sign);
    }

    boolean isName(String name) {
        return kind == Kind.NAME && text.equals(name);
    }

    /** As error messages call it. */
    String description() {
        return kind == Kind.NAME || kind == Kind.OPERATOR ? text : kind.description();
    }
}
