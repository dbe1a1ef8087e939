package dev.landfall.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads expressions, with jinja's precedence from {@code if} down to filters. */
final class ExpressionParser {
    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");

    private final TokenStream tokens;
    private final NameUse names;
    /** Unknown filters and tests. They are errors at once, unless they stand in a branch that may not be taken. */
    private final List<JinjaException> unknown = new ArrayList<>();

    ExpressionParser(TokenStream tokens, NameUse names) {
        this.tokens = tokens;
        this.names = names;
    }

    /** The literal that is the whole text; null when it is something else. */
    static @Nullable Expression parseLiteral(String text, Limits limits) {
        TokenStream tokens = new TokenStream(new Location("literal", 1, 1), "{{ " + text + "\n}}", limits);
        if (tokens.contains("true") || tokens.contains("false") || tokens.contains("none")) {
            return null;
        }
        tokens.expect(Token.Kind.PRINT_BEGIN);
        ExpressionParser parser = new ExpressionParser(tokens, new NameUse());
        Expression expression = parser.tuple();
        tokens.expect(Token.Kind.PRINT_END);
        return tokens.at(Token.Kind.END) && PythonLiteral.isLiteral(expression) ? expression : null;
    }

    /** Raises what is unknown in the expressions read so far; in a branch it is left for when it is reached. */
    void settleUnknown(boolean inBranch) {
        if (!inBranch && !unknown.isEmpty()) {
            throw unknown.get(0);
        }
        unknown.clear();
    }

    /** One expression, or a tuple without brackets. */
    Expression tuple() {
        return tuple(true, false);
    }

    /**
     * One expression, or a tuple without brackets.
     *
     * @param conditional whether {@code a if b} may stand in it
     * @param bracketed whether it stands in brackets, where nothing is the empty tuple
     */
    Expression tuple(boolean conditional, boolean bracketed) {
        List<Expression> elements = new ArrayList<>();
        boolean isTuple = false;
        while (true) {
            if (!elements.isEmpty()) {
                tokens.expectOperator(",");
            }
            if (isTupleEnd()) {
                break;
            }
            elements.add(conditional ? expression() : or());
            if (!tokens.atOperator(",")) {
                break;
            }
            isTuple = true;
        }
        if (!isTuple) {
            if (!elements.isEmpty()) {
                return elements.get(0);
            }
            if (!bracketed) {
                throw tokens.failure("Expected an expression, got "
                        + Representation.repr(tokens.current().description()));
            }
        }
        return new Literals.TupleLiteral(List.copyOf(elements));
    }

    private boolean isTupleEnd() {
        return tokens.at(Token.Kind.PRINT_END) || tokens.at(Token.Kind.BLOCK_END) || tokens.atOperator(")");
    }

    /** What is assigned to: a name, an attribute of a namespace if that is allowed, or several of them. */
    Targets.Target target(boolean namespaceAllowed) {
        Token first = tokens.current();
        names.startStoring();
        List<Expression> elements = new ArrayList<>();
        boolean isTuple = false;
        while (true) {
            if (!elements.isEmpty()) {
                tokens.expectOperator(",");
            }
            if (isTupleEnd()) {
                break;
            }
            elements.add(primary(namespaceAllowed));
            if (!tokens.atOperator(",")) {
                break;
            }
            isTuple = true;
        }
        names.stopStoring();
        if (elements.isEmpty()) {
            throw tokens.failure("Expected an expression, got "
                    + Representation.repr(tokens.current().description()));
        }
        return target(isTuple ? new Literals.TupleLiteral(elements) : elements.get(0), first);
    }

    private Targets.Target target(Expression expression, Token where) {
        if (expression instanceof Access.Name name) {
            return new Targets.NameTarget(name.name());
        }
        if (expression instanceof Access.NamespaceReference reference) {
            return new Targets.NamespaceTarget(reference.namespace(), reference.attribute());
        }
        if (expression instanceof Literals.TupleLiteral tuple) {
            List<Targets.Target> targets = new ArrayList<>();
            for (Expression element : tuple.elements()) {
                targets.add(target(element, where));
            }
            return new Targets.TupleTarget(List.copyOf(targets));
        }
        throw tokens.failure("can't assign to '" + expression.kind() + "'", where);
    }

    /** A name and nothing else. */
    Token name() {
        Token name = tokens.expect(Token.Kind.NAME);
        if (TokenStream.isConstant(name.text())) {
            throw tokens.failure("can't assign to 'name'", name);
        }
        names.store(name.text());
        return name;
    }

    Expression expression() {
        tokens.deeper();
        int unknownBefore = unknown.size();
        Location location = tokens.location();
        Expression value = or();
        int links = 1;
        while (tokens.skipName("if")) {
            Expression condition = or();
            Expression otherwise = tokens.skipName("else") ? expression() : null;
            value = new Operations.Conditional(location, condition, value, otherwise);
            unknown.subList(unknownBefore, unknown.size()).clear();
            location = tokens.location();
            tokens.deeper();
            links++;
        }
        tokens.back(links);
        return value;
    }

    private Expression or() {
        Expression left = and();
        int links = 0;
        while (tokens.skipName("or")) {
            tokens.deeper();
            links++;
            left = new Operations.Or(left, and());
        }
        tokens.back(links);
        return left;
    }

    private Expression and() {
        Expression left = not();
        int links = 0;
        while (tokens.skipName("and")) {
            tokens.deeper();
            links++;
            left = new Operations.And(left, not());
        }
        tokens.back(links);
        return left;
    }

    private Expression not() {
        if (!tokens.skipName("not")) {
            return comparison();
        }
        tokens.deeper();
        Expression operand = not();
        tokens.back(1);
        return new Operations.Not(operand);
    }

    private Expression comparison() {
        Location location = tokens.location();
        Expression first = sum();
        List<Operations.Step> steps = new ArrayList<>();
        for (String operator = comparisonOperator(); !operator.isEmpty(); operator = comparisonOperator()) {
            steps.add(new Operations.Step(operator, sum()));
        }
        return steps.isEmpty() ? first : new Operations.Chain(location, first, List.copyOf(steps));
    }

    private String comparisonOperator() {
        if (tokens.at(Token.Kind.OPERATOR)
                && COMPARISONS.contains(tokens.current().text())) {
            return tokens.take().text();
        }
        if (tokens.skipName("in")) {
            return "in";
        }
        if (tokens.atName("not") && tokens.following().isName("in")) {
            tokens.take();
            tokens.take();
            return "not in";
        }
        return "";
    }

    private Expression sum() {
        Expression left = concatenation();
        int links = 0;
        while (tokens.atOperator("+") || tokens.atOperator("-")) {
            left = binary(left, this::concatenation);
            links++;
        }
        tokens.back(links);
        return left;
    }

    private interface Operand {
        Expression read();
    }

    /** The operator at which the parser stands and its right operand. One level deeper, for the caller to take back. */
    private Expression binary(Expression left, Operand operand) {
        Location location = tokens.location();
        tokens.deeper();
        Operators.Binary operator = Operators.Binary.of(tokens.take().text());
        if (operator == null) {
            throw new IllegalStateException("called at something else than an operator");
        }
        return new Operations.Binary(location, operator, left, operand.read());
    }

    private Expression concatenation() {
        Location location = tokens.location();
        Expression first = product();
        if (!tokens.atOperator("~")) {
            return first;
        }
        List<Expression> parts = new ArrayList<>();
        parts.add(first);
        while (tokens.skipOperator("~")) {
            parts.add(product());
        }
        return new Operations.Concatenation(location, List.copyOf(parts));
    }

    private Expression product() {
        Expression left = power();
        int links = 0;
        while (tokens.atOperator("*") || tokens.atOperator("/") || tokens.atOperator("//") || tokens.atOperator("%")) {
            left = binary(left, this::power);
            links++;
        }
        tokens.back(links);
        return left;
    }

    private Expression power() {
        Expression left = unary(true);
        int links = 0;
        while (tokens.atOperator("**")) {
            left = binary(left, () -> unary(true));
            links++;
        }
        tokens.back(links);
        return left;
    }

    Expression unary(boolean withFilters) {
        Location location = tokens.location();
        Expression value;
        if (tokens.atOperator("-") || tokens.atOperator("+")) {
            boolean negative = tokens.take().isOperator("-");
            tokens.deeper();
            value = new Operations.Sign(location, negative, unary(false));
            tokens.back(1);
        } else {
            value = primary(false);
        }
        value = postfix(value);
        return withFilters ? filtered(value) : value;
    }

    private Expression primary(boolean namespaceAllowed) {
        Token token = tokens.current();
        if (token.kind() == Token.Kind.NAME) {
            return nameOrConstant(namespaceAllowed);
        }
        if (token.kind() == Token.Kind.STRING) {
            return string();
        }
        if (token.kind() == Token.Kind.INTEGER || token.kind() == Token.Kind.FLOAT) {
            tokens.take();
            return new Literals.Constant(token.value());
        }
        if (tokens.skipOperator("(")) {
            tokens.deeper();
            Expression tuple = tuple(true, true);
            tokens.expectOperator(")");
            tokens.back(1);
            return tuple;
        }
        if (tokens.atOperator("[")) {
            return list();
        }
        if (tokens.atOperator("{")) {
            return dict();
        }
        throw tokens.failure("unexpected " + Representation.repr(token.description()));
    }

    private Expression nameOrConstant(boolean namespaceAllowed) {
        Location location = tokens.location();
        String name = tokens.take().text();
        if (TokenStream.isConstant(name)) {
            return new Literals.Constant(TokenStream.constant(name));
        }
        if (namespaceAllowed && tokens.skipOperator(".")) {
            return new Access.NamespaceReference(
                    name, tokens.expect(Token.Kind.NAME).text());
        }
        names.use(name);
        return new Access.Name(location, name);
    }

    private Expression string() {
        StringBuilder text = new StringBuilder();
        while (tokens.at(Token.Kind.STRING)) {
            text.append(tokens.take().text());
        }
        return new Literals.Constant(text.toString());
    }

    private Expression list() {
        tokens.expectOperator("[");
        tokens.deeper();
        List<Expression> elements = new ArrayList<>();
        while (!tokens.atOperator("]")) {
            if (!elements.isEmpty()) {
                tokens.expectOperator(",");
            }
            if (tokens.atOperator("]")) {
                break;
            }
            elements.add(expression());
        }
        tokens.expectOperator("]");
        tokens.back(1);
        return new Literals.ListLiteral(List.copyOf(elements));
    }

    private Expression dict() {
        Location location = tokens.location();
        tokens.expectOperator("{");
        tokens.deeper();
        List<Expression> keys = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (!tokens.atOperator("}")) {
            if (!keys.isEmpty()) {
                tokens.expectOperator(",");
            }
            if (tokens.atOperator("}")) {
                break;
            }
            keys.add(expression());
            tokens.expectOperator(":");
            values.add(expression());
        }
        tokens.expectOperator("}");
        tokens.back(1);
        return new Literals.DictLiteral(location, List.copyOf(keys), List.copyOf(values));
    }

    private Expression postfix(Expression start) {
        Expression value = start;
        int links = 0;
        while (tokens.atOperator(".") || tokens.atOperator("[") || tokens.atOperator("(")) {
            tokens.deeper();
            links++;
            value = tokens.atOperator("(") ? call(value) : subscript(value);
        }
        tokens.back(links);
        return value;
    }

    private Expression filtered(Expression start) {
        Expression value = start;
        int links = 0;
        while (true) {
            if (tokens.skipOperator("|")) {
                value = filter(value);
            } else if (tokens.atName("is")) {
                value = test(value);
            } else if (tokens.atOperator("(")) {
                value = call(value);
            } else {
                break;
            }
            tokens.deeper();
            links++;
        }
        tokens.back(links);
        return value;
    }

    private Expression subscript(Expression value) {
        Location location = tokens.location();
        if (tokens.skipOperator(".")) {
            Token attribute = tokens.take();
            if (attribute.kind() == Token.Kind.NAME) {
                return new Access.Attribute(location, value, attribute.text());
            }
            if (attribute.kind() != Token.Kind.INTEGER) {
                throw tokens.failure("expected name or number", attribute);
            }
            return new Access.Item(location, value, new Literals.Constant(attribute.value()));
        }
        tokens.expectOperator("[");
        List<Expression> keys = new ArrayList<>();
        while (!tokens.atOperator("]")) {
            if (!keys.isEmpty()) {
                tokens.expectOperator(",");
            }
            keys.add(key());
        }
        tokens.expectOperator("]");
        Expression key = keys.size() == 1 ? keys.get(0) : new Literals.TupleLiteral(List.copyOf(keys));
        return key instanceof Access.SliceLiteral slice
                ? new Access.Slicing(location, value, slice)
                : new Access.Item(location, value, key);
    }

    private Expression key() {
        Expression start = null;
        if (!tokens.atOperator(":")) {
            start = expression();
            if (!tokens.atOperator(":")) {
                return start;
            }
        }
        tokens.expectOperator(":");
        Expression stop = sliceBound();
        Expression step = tokens.skipOperator(":") ? sliceBound() : null;
        return new Access.SliceLiteral(start, stop, step);
    }

    private @Nullable Expression sliceBound() {
        boolean absent = tokens.atOperator(":") || tokens.atOperator("]") || tokens.atOperator(",");
        return absent ? null : expression();
    }

    private Calls.Call call(Expression function) {
        Location location = tokens.location();
        return new Calls.Call(location, function, arguments());
    }

    private Calls.ArgumentList arguments() {
        Token open = tokens.expectOperator("(");
        tokens.deeper();
        List<Expression> positional = new ArrayList<>();
        List<Calls.Keyword> keywords = new ArrayList<>();
        Expression spread = null;
        Expression spreadKeywords = null;
        boolean first = true;
        while (!tokens.atOperator(")")) {
            if (!first) {
                tokens.expectOperator(",");
                if (tokens.atOperator(")")) {
                    break;
                }
            }
            first = false;
            if (tokens.atOperator("*")) {
                requireOrder(spread == null && spreadKeywords == null, open);
                tokens.take();
                spread = expression();
            } else if (tokens.atOperator("**")) {
                requireOrder(spreadKeywords == null, open);
                tokens.take();
                spreadKeywords = expression();
            } else if (tokens.at(Token.Kind.NAME) && tokens.following().isOperator("=")) {
                requireOrder(spreadKeywords == null, open);
                String name = tokens.take().text();
                tokens.take();
                keywords.add(new Calls.Keyword(name, expression()));
            } else {
                requireOrder(spread == null && spreadKeywords == null && keywords.isEmpty(), open);
                positional.add(expression());
            }
        }
        tokens.expectOperator(")");
        tokens.back(1);
        return new Calls.ArgumentList(List.copyOf(positional), List.copyOf(keywords), spread, spreadKeywords);
    }

    private void requireOrder(boolean inOrder, Token where) {
        if (!inOrder) {
            throw tokens.failure("invalid syntax for function call expression", where);
        }
    }

    /** The filters of a filter or set block; the first one without a bar in a filter block. */
    List<Calls.FilterCall> filters(boolean firstWithoutBar) {
        List<Calls.FilterCall> filters = new ArrayList<>();
        if (firstWithoutBar) {
            filters.add(filter(null));
        }
        while (tokens.skipOperator("|")) {
            filters.add(filter(null));
        }
        return List.copyOf(filters);
    }

    private Calls.FilterCall filter(@Nullable Expression value) {
        Token token = tokens.current();
        String name = dottedName();
        if (!Filters.exists(name)) {
            unknown.add(tokens.failure("No filter named " + Representation.repr(name) + ".", token));
        }
        Calls.ArgumentList arguments = tokens.atOperator("(") ? arguments() : Calls.ArgumentList.EMPTY;
        return new Calls.FilterCall(tokens.location(token), value, name, arguments);
    }

    private String dottedName() {
        StringBuilder name = new StringBuilder(tokens.expect(Token.Kind.NAME).text());
        while (tokens.skipOperator(".")) {
            name.append('.').append(tokens.expect(Token.Kind.NAME).text());
        }
        return name.toString();
    }

    private Expression test(Expression value) {
        tokens.expectName("is");
        boolean negated = tokens.skipName("not");
        Token token = tokens.current();
        String name = dottedName();
        if (!Tests.exists(name)) {
            unknown.add(tokens.failure("No test named " + Representation.repr(name) + ".", token));
        }
        Calls.ArgumentList arguments = Calls.ArgumentList.EMPTY;
        if (tokens.atOperator("(")) {
            arguments = arguments();
        } else if (isTestArgument()) {
            if (tokens.atName("is")) {
                throw tokens.failure("You cannot chain multiple tests with is");
            }
            Expression argument = postfix(primary(false));
            arguments = new Calls.ArgumentList(List.of(argument), List.of(), null, null);
        }
        Expression test = new Calls.TestCall(tokens.location(token), value, name, arguments);
        return negated ? new Operations.Not(test) : test;
    }

    private boolean isTestArgument() {
        return switch (tokens.current().kind()) {
            case NAME -> !tokens.atName("else") && !tokens.atName("or") && !tokens.atName("and");
            case STRING, INTEGER, FLOAT -> true;
            default -> tokens.atOperator("[") || tokens.atOperator("{");
        };
    }
}
