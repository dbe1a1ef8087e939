package dev.landfall.jinja;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a whole template: text, expressions to print, and the statements of jinja2 and of dbt. */
final class TemplateParser {
    private final String source;
    private final Limits limits;
    private final TokenStream tokens;
    private final NameUse names = new NameUse();
    private final ExpressionParser expressions;

    private final List<Macro> macros = new ArrayList<>();
    private final List<Block> snapshots = new ArrayList<>();
    private final List<Block> docs = new ArrayList<>();
    private final List<Statement> fileLevel = new ArrayList<>();
    private final Set<String> blockNames = new HashSet<>();

    /** The tags that are open, the innermost first. */
    private final Deque<Token> openTags = new ArrayDeque<>();
    /** What may end each open body, the innermost first. */
    private final Deque<List<String>> openEnds = new ArrayDeque<>();

    /** How many loops break and continue could mean here. */
    private int loops;

    private int enclosingLoops;
    private boolean inBranch;

    TemplateParser(Location start, String source, Limits limits) {
        this.source = source;
        this.limits = limits;
        this.tokens = new TokenStream(start, source, limits);
        this.expressions = new ExpressionParser(tokens, names);
    }

    Template parse() {
        Body body = new Body(List.copyOf(statements()));
        return new Template(tokens.file(), source, body, macros, snapshots, docs);
    }

    /** Up to one of the tags that may end the innermost body, at whose name the parser then stands. */
    private List<Statement> statements() {
        List<Statement> statements = new ArrayList<>();
        while (true) {
            Token token = tokens.current();
            switch (token.kind()) {
                case TEXT -> statements.add(new Statements.Text(tokens.take().text()));
                case PRINT_BEGIN -> statements.add(print());
                case BLOCK_BEGIN -> {
                    tokens.take();
                    if (atEndTag()) {
                        return statements;
                    }
                    Statement statement = statement(token);
                    if (statement != null) {
                        statements.add(statement);
                    }
                    tokens.expect(Token.Kind.BLOCK_END);
                }
                default -> {
                    if (!openEnds.isEmpty()) {
                        String problem = "Unexpected end of template." + whatIsOpen("");
                        Token open = openTags.peek();
                        throw open == null ? tokens.failure(problem) : tokens.failure(problem, open);
                    }
                    return statements;
                }
            }
        }
    }

    private boolean atEndTag() {
        List<String> ends = openEnds.peek();
        return ends != null
                && tokens.at(Token.Kind.NAME)
                && ends.contains(tokens.current().text());
    }

    private String whatIsOpen(String unknownTag) {
        StringBuilder text = new StringBuilder();
        List<String> innermost = openEnds.peek();
        if (innermost != null) {
            String wanted = String.join(
                    " or ", innermost.stream().map(Representation::repr).toList());
            boolean misplaced = openEnds.stream().anyMatch(ends -> ends.contains(unknownTag));
            text.append(
                    misplaced
                            ? " You probably made a nesting mistake. Jinja is expecting this tag, but currently looking for "
                                    + wanted + "."
                            : " Jinja was looking for the following tags: " + wanted + ".");
        }
        if (!openTags.isEmpty()) {
            text.append(" The innermost block that needs to be closed is '")
                    .append(openTags.peek().text())
                    .append("'.");
        }
        return text.toString();
    }

    private Statement print() {
        Location location = tokens.location();
        tokens.expect(Token.Kind.PRINT_BEGIN);
        Expression value = expressions.tuple();
        tokens.expect(Token.Kind.PRINT_END);
        expressions.settleUnknown(inBranch);
        return new Statements.Print(location, value);
    }

    /**
     * One statement, up to the end of its last tag.
     *
     * @param begin the opening bracket
     * @return null when nothing is to be done where it stands
     */
    private @Nullable Statement statement(Token begin) {
        if (!tokens.at(Token.Kind.NAME)) {
            throw tokens.failure("tag name expected");
        }
        Token tag = tokens.take();
        openTags.push(tag);
        Statement statement = statement(tag, begin);
        openTags.pop();
        expressions.settleUnknown(inBranch);
        return statement;
    }

    private @Nullable Statement statement(Token tag, Token begin) {
        Location location = tokens.location(tag);
        return switch (tag.text()) {
            case "if" -> ifStatement(location);
            case "for" -> forLoop(location);
            case "set" -> set(location);
            case "do" -> new Statements.Do(location, expressions.tuple());
            case "macro" -> macro(Macro.Kind.MACRO, begin, List.of("endmacro"));
            case "test", "data_test" -> macro(Macro.Kind.TEST, begin, List.of("endtest", "enddata_test"));
            case "materialization" -> materialization(begin);
            case "call" -> callBlock(location);
            case "filter" -> filterBlock(location);
            case "with" -> with(location);
            case "break" -> jump(Statement.Flow.BREAK, tag);
            case "continue" -> jump(Statement.Flow.CONTINUE, tag);
            case "snapshot" -> snapshot(begin);
            case "docs" -> docs(begin);
            case "block" -> block(tag);
            case "autoescape" -> autoescape();
            case "print" -> printTag(location);
            case "include", "extends", "import", "from" -> unavailable(location);
            default -> throw unknownTag(tag);
        };
    }

    private JinjaException unknownTag(Token tag) {
        openTags.pop();
        return tokens.failure("Encountered unknown tag '" + tag.text() + "'." + whatIsOpen(tag.text()), tag);
    }

    /**
     * The statements up to one of these tags, at whose name the parser then stands.
     *
     * @param branch whether they may be skipped when the template runs
     */
    private Body body(boolean branch, List<String> ends) {
        tokens.skipOperator(":");
        tokens.expect(Token.Kind.BLOCK_END);
        expressions.settleUnknown(inBranch);
        tokens.deeper();
        boolean wasInBranch = inBranch;
        inBranch = branch;
        openEnds.push(ends);
        List<Statement> statements = statements();
        openEnds.pop();
        inBranch = wasInBranch;
        tokens.back(1);
        return new Body(List.copyOf(statements));
    }

    private Body bodyUpTo(String end) {
        Body body = body(false, List.of(end));
        tokens.take();
        return body;
    }

    /** A body that break and continue do not leave. */
    private Body isolated(List<String> ends) {
        int outerLoops = loops;
        loops = 0;
        Body body = body(false, ends);
        tokens.take();
        loops = outerLoops;
        return body;
    }

    private Statement ifStatement(Location location) {
        List<Statements.Branch> branches = new ArrayList<>();
        Body otherwise = Body.EMPTY;
        while (true) {
            Expression condition = expressions.tuple(false, false);
            branches.add(new Statements.Branch(condition, body(true, List.of("elif", "else", "endif"))));
            Token next = tokens.take();
            if (next.isName("elif")) {
                continue;
            }
            if (next.isName("else")) {
                otherwise = body(true, List.of("endif"));
                tokens.take();
            }
            return new Statements.If(location, List.copyOf(branches), otherwise);
        }
    }

    private Statement forLoop(Location location) {
        enclosingLoops++;
        Targets.Target target = target(false);
        tokens.expectName("in");
        Expression iterable = expressions.tuple(false, false);
        Expression condition = tokens.skipName("if") ? expressions.expression() : null;
        boolean recursive = tokens.skipName("recursive");
        loops++;
        Body body = body(false, List.of("endfor", "else"));
        loops--;
        Body otherwise = Body.EMPTY;
        if (tokens.take().isName("else")) {
            otherwise = bodyUpTo("endfor");
        }
        enclosingLoops--;
        return new ForLoop(location, target, iterable, condition, recursive, body, otherwise);
    }

    /** Within a for loop, even in a macro in it, the variable loop may not be assigned to. */
    private Targets.Target target(boolean namespaceAllowed) {
        Token first = tokens.current();
        Targets.Target target = expressions.target(namespaceAllowed);
        if (enclosingLoops > 0 && assigns(target, "loop")) {
            throw tokens.failure("Can't assign to special loop variable in for-loop target", first);
        }
        return target;
    }

    private static boolean assigns(Targets.Target target, String name) {
        if (target instanceof Targets.TupleTarget tuple) {
            return tuple.targets().stream().anyMatch(part -> assigns(part, name));
        }
        return target instanceof Targets.NameTarget single && single.name().equals(name);
    }

    private Statement set(Location location) {
        boolean atFileLevel = openEnds.isEmpty();
        Targets.Target target = target(true);
        Statement statement;
        if (tokens.skipOperator("=")) {
            statement = new Statements.Set(location, target, expressions.tuple());
        } else {
            List<Calls.FilterCall> filters = expressions.filters(false);
            statement = new Statements.SetBlock(location, target, filters, bodyUpTo("endset"));
        }
        if (atFileLevel) {
            fileLevel.add(statement);
        }
        return statement;
    }

    private Statement macro(Macro.Kind kind, Token begin, List<String> ends) {
        boolean atFileLevel = openEnds.isEmpty();
        String written = expressions.name().text();
        String name = kind == Macro.Kind.TEST ? "test_" + written : written;
        List<MacroNode.ParameterNode> parameters = signature();
        return define(kind, name, parameters, begin, ends, atFileLevel);
    }

    private Statement define(
            Macro.Kind kind,
            String name,
            List<MacroNode.ParameterNode> parameters,
            Token begin,
            List<String> ends,
            boolean atFileLevel) {
        names.enterMacro();
        Body body = isolated(ends);
        MacroNode node = new MacroNode(name, tokens.location(begin), parameters, names.leaveMacro(), body);
        requireDefaultOfCaller(node, begin);
        if (atFileLevel) {
            macros.add(new Macro(kind, name, node, sourceUpToTagEnd(begin), fileLevel));
        }
        return new Statements.Define(node);
    }

    private void requireDefaultOfCaller(MacroNode macro, Token begin) {
        for (MacroNode.ParameterNode parameter : macro.parameters()) {
            boolean lacksDefault = parameter.name().equals("caller") && parameter.otherwise() == null;
            if (lacksDefault && macro.uses().contains("caller")) {
                throw tokens.failure(
                        "When defining macros or call blocks the special \"caller\" argument must be omitted or be"
                                + " given a default.",
                        begin);
            }
        }
    }

    /** From an opening bracket to the closing bracket at which the parser stands. */
    private String sourceUpToTagEnd(Token begin) {
        return tokens.source(begin.start(), tokens.current().end());
    }

    private List<MacroNode.ParameterNode> signature() {
        tokens.expectOperator("(");
        List<MacroNode.ParameterNode> parameters = new ArrayList<>();
        boolean hasDefault = false;
        while (!tokens.atOperator(")")) {
            if (!parameters.isEmpty()) {
                tokens.expectOperator(",");
            }
            String name = expressions.name().text();
            String type = tokens.skipOperator(":") ? annotation() : "";
            Expression otherwise = tokens.skipOperator("=") ? expressions.expression() : null;
            if (otherwise == null && hasDefault) {
                throw tokens.failure("non-default argument follows default argument");
            }
            hasDefault = otherwise != null;
            parameters.add(new MacroNode.ParameterNode(name, otherwise, type));
        }
        tokens.expectOperator(")");
        return List.copyOf(parameters);
    }

    /** The type of a parameter, which dbt tolerates: {@code list[string]}. */
    private String annotation() {
        StringBuilder type = new StringBuilder(tokens.expect(Token.Kind.NAME).text());
        if (tokens.skipOperator("[")) {
            tokens.deeper();
            type.append('[');
            while (!tokens.atOperator("]")) {
                type.append(annotation());
                if (tokens.skipOperator(",")) {
                    type.append(", ");
                } else {
                    break;
                }
            }
            tokens.expectOperator("]");
            tokens.back(1);
            type.append(']');
        }
        return type.toString();
    }

    private Statement materialization(Token begin) {
        boolean atFileLevel = openEnds.isEmpty();
        String name = expressions.name().text();
        String adapter = "default";
        Expression languages = new Literals.ListLiteral(List.of(new Literals.Constant("sql")));
        while (tokens.skipOperator(",")) {
            Token option = tokens.expect(Token.Kind.NAME);
            switch (option.text()) {
                case "default" -> {}
                case "adapter" -> {
                    tokens.expectOperator("=");
                    adapter = constantText(expressions.expression());
                }
                case "supported_languages" -> {
                    tokens.expectOperator("=");
                    languages = expressions.expression();
                }
                default ->
                    throw tokens.failure(
                            "materialization '" + name + "' received unknown argument '" + option.text() + "'.",
                            option);
            }
        }
        List<MacroNode.ParameterNode> parameters =
                List.of(new MacroNode.ParameterNode("supported_languages", languages, ""));
        return define(
                Macro.Kind.MATERIALIZATION,
                "materialization_" + name + "_" + adapter,
                parameters,
                begin,
                List.of("endmaterialization"),
                atFileLevel);
    }

    private String constantText(Expression expression) {
        if (expression instanceof Literals.Constant constant && constant.value() instanceof String text) {
            return text;
        }
        throw tokens.failure("the adapter of a materialization must be a string", tokens.previous());
    }

    private Statement callBlock(Location location) {
        Token begin = tokens.current();
        List<MacroNode.ParameterNode> parameters = tokens.atOperator("(") ? signature() : List.of();
        Expression expression = expressions.expression();
        if (!(expression instanceof Calls.Call call)) {
            throw tokens.failure("expected call", begin);
        }
        names.enterMacro();
        Body body = isolated(List.of("endcall"));
        MacroNode caller = new MacroNode(null, location, parameters, names.leaveMacro(), body);
        requireDefaultOfCaller(caller, begin);
        return new Statements.CallBlock(location, call, caller);
    }

    private Statement filterBlock(Location location) {
        List<Calls.FilterCall> filters = expressions.filters(true);
        return new Statements.FilterBlock(location, filters, bodyUpTo("endfilter"));
    }

    private Statement with(Location location) {
        List<Targets.Target> targets = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (!tokens.at(Token.Kind.BLOCK_END)) {
            if (!targets.isEmpty()) {
                tokens.expectOperator(",");
            }
            targets.add(target(false));
            tokens.expectOperator("=");
            values.add(expressions.expression());
        }
        return new Statements.With(location, List.copyOf(targets), List.copyOf(values), bodyUpTo("endwith"));
    }

    private Statement jump(Statement.Flow flow, Token tag) {
        if (loops == 0) {
            throw tokens.failure("'" + tag.text() + "' outside loop", tag);
        }
        return new Statements.Jump(flow);
    }

    private Statement snapshot(Token begin) {
        boolean atFileLevel = openEnds.isEmpty();
        String name = expressions.name().text();
        Token tagEnd = tokens.current();
        Body body = isolated(List.of("endsnapshot"));
        if (atFileLevel) {
            snapshots.add(section(name, begin, tagEnd));
        }
        return new Statements.Section(body);
    }

    private @Nullable Statement docs(Token begin) {
        boolean atFileLevel = openEnds.isEmpty();
        String name = expressions.name().text();
        Token tagEnd = tokens.current();
        isolated(List.of("enddocs"));
        if (atFileLevel) {
            docs.add(section(name, begin, tagEnd));
        }
        return null;
    }

    /** What stands between a tag's end and the closing tag whose name was read last, parsed on its own. */
    private Block section(String name, Token begin, Token tagEnd) {
        Token closingTag = tokens.beforePrevious();
        String inside = tokens.source(tagEnd.start() + bracketLength(tagEnd), closingTag.start());
        Location end = tokens.location(tagEnd);
        Location start = new Location(end.file(), end.line(), end.column() + bracketLength(tagEnd));
        Template template = Template.parse(start, inside, limits);
        return new Block(name, tokens.location(begin), inside, template);
    }

    /** Without the white space that a minus sign takes away, which belongs to what follows. */
    private int bracketLength(Token bracket) {
        String text = tokens.source(bracket.start(), bracket.end());
        return text.startsWith("%}") ? 2 : 3;
    }

    private Statement block(Token tag) {
        Token name = tokens.expect(Token.Kind.NAME);
        tokens.skipName("scoped");
        tokens.skipName("required");
        if (tokens.atOperator("-")) {
            throw tokens.failure("Block names in Jinja have to be valid Python identifiers and may not contain"
                    + " hyphens, use an underscore instead.");
        }
        if (!blockNames.add(name.text())) {
            throw tokens.failure("block '" + name.text() + "' defined twice", tag);
        }
        int outerLoops = loops;
        loops = 0;
        Body body = bodyUpTo("endblock");
        loops = outerLoops;
        tokens.skipName(name.text());
        return new Statements.Section(body);
    }

    private Statement autoescape() {
        expressions.expression();
        return new Statements.Section(bodyUpTo("endautoescape"));
    }

    private Statement printTag(Location location) {
        List<Statement> prints = new ArrayList<>();
        while (!tokens.at(Token.Kind.BLOCK_END)) {
            if (!prints.isEmpty()) {
                tokens.expectOperator(",");
            }
            prints.add(new Statements.Print(location, expressions.expression()));
        }
        return new Body(List.copyOf(prints));
    }

    private Statement unavailable(Location location) {
        while (!tokens.at(Token.Kind.BLOCK_END) && !tokens.at(Token.Kind.END)) {
            tokens.take();
        }
        return new Statements.Unavailable(location, "no loader for this environment specified");
    }
}
