package dev.landfall.template;

import dev.landfall.jinja.Arguments;
import dev.landfall.jinja.Callable;
import dev.landfall.jinja.HostObject;
import dev.landfall.jinja.JinjaException;
import dev.landfall.jinja.PyTuple;
import dev.landfall.jinja.Python;
import dev.landfall.jinja.Undefined;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** {@code modules} in a template: the parts of Python's datetime, pytz, re and itertools that templates use. */
final class Modules {
    static final HostObject ALL = module("modules", Modules::find);

    private static final Clock CLOCK = Clock.systemUTC();
    private static final HostObject DATETIME = module("datetime", Modules::datetime);
    private static final HostObject PYTZ = module("pytz", Modules::pytz);
    private static final HostObject RE = module("re", Modules::re);
    private static final HostObject ITERTOOLS = module("itertools", Modules::itertools);
    private static final int MAX_ELEMENTS = 1_000_000;

    private Modules() {}

    private static @Nullable Object find(String name) {
        return switch (name) {
            case "datetime" -> DATETIME;
            case "pytz" -> PYTZ;
            case "re" -> RE;
            case "itertools" -> ITERTOOLS;
            default ->
                Undefined.because(name, "modules has no '" + name + "'; it has datetime, pytz, re and itertools");
        };
    }

    private static HostObject module(String name, Function<String, @Nullable Object> attributes) {
        return new Module(name, attributes, null);
    }

    private static HostObject type(String name, Callable constructor, Function<String, @Nullable Object> attributes) {
        return new Type(name, attributes, constructor);
    }

    private static class Module implements HostObject {
        private final String name;
        private final Function<String, @Nullable Object> attributes;
        final @Nullable Callable constructor;

        Module(String name, Function<String, @Nullable Object> attributes, @Nullable Callable constructor) {
            this.name = name;
            this.attributes = attributes;
            this.constructor = constructor;
        }

        @Override
        public @Nullable Object attribute(String attribute) {
            return attributes.apply(attribute);
        }

        @Override
        public String typeName() {
            return constructor == null ? "module" : "type";
        }

        @Override
        public String toString() {
            return constructor == null ? "<module '" + name + "'>" : "<class '" + name + "'>";
        }
    }

    private static final class Type extends Module implements Callable {
        Type(String name, Function<String, @Nullable Object> attributes, Callable constructor) {
            super(name, attributes, constructor);
        }

        @Override
        public @Nullable Object call(Arguments arguments) {
            if (constructor == null) {
                throw new IllegalStateException();
            }
            try {
                return constructor.call(arguments);
            } catch (DateTimeException e) {
                throw new JinjaException(String.valueOf(e.getMessage()), e);
            }
        }
    }

    // datetime

    private static final HostObject DATE_TIME_TYPE =
            type("datetime.datetime", Modules::newDateTime, Modules::dateTimeAttribute);
    private static final HostObject DATE_TYPE = type("datetime.date", Modules::newDate, Modules::dateAttribute);
    private static final HostObject TIME_TYPE = type("datetime.time", Modules::newTime, Undefined::of);
    private static final HostObject DELTA_TYPE = type("datetime.timedelta", Modules::newDelta, Undefined::of);
    private static final HostObject ZONE_TYPE = type(
            "datetime.timezone",
            arguments -> arguments.require(0, "offset") instanceof Duration offset
                    ? ZoneOffset.ofTotalSeconds((int) offset.toSeconds())
                    : ZoneOffset.UTC,
            name -> name.equals("utc") ? ZoneOffset.UTC : Undefined.of(name));

    private static @Nullable Object datetime(String name) {
        return switch (name) {
            case "datetime" -> DATE_TIME_TYPE;
            case "date" -> DATE_TYPE;
            case "time" -> TIME_TYPE;
            case "timedelta" -> DELTA_TYPE;
            case "timezone" -> ZONE_TYPE;
            case "UTC" -> ZoneOffset.UTC;
            default -> Undefined.because(name, "module 'datetime' has no attribute '" + name + "'");
        };
    }

    private static Object newDateTime(Arguments arguments) {
        LocalDateTime time = LocalDateTime.of(
                number(arguments, 0, "year", -1),
                number(arguments, 1, "month", -1),
                number(arguments, 2, "day", -1),
                number(arguments, 3, "hour", 0),
                number(arguments, 4, "minute", 0),
                number(arguments, 5, "second", 0),
                number(arguments, 6, "microsecond", 0) * 1000);
        return in(time, arguments.get(7, "tzinfo"));
    }

    private static Object in(LocalDateTime time, @Nullable Object zone) {
        return zone instanceof ZoneId id ? time.atZone(id).toOffsetDateTime() : time;
    }

    private static Object newDate(Arguments arguments) {
        return LocalDate.of(
                number(arguments, 0, "year", -1), number(arguments, 1, "month", -1), number(arguments, 2, "day", -1));
    }

    private static Object newTime(Arguments arguments) {
        return LocalTime.of(
                number(arguments, 0, "hour", 0),
                number(arguments, 1, "minute", 0),
                number(arguments, 2, "second", 0),
                number(arguments, 3, "microsecond", 0) * 1000);
    }

    private static Object newDelta(Arguments arguments) {
        double micros = decimal(arguments, 0, "days") * 86_400_000_000d
                + decimal(arguments, 1, "seconds") * 1_000_000d
                + decimal(arguments, 2, "microseconds")
                + decimal(arguments, 3, "milliseconds") * 1000d
                + decimal(arguments, 4, "minutes") * 60_000_000d
                + decimal(arguments, 5, "hours") * 3_600_000_000d
                + decimal(arguments, 6, "weeks") * 604_800_000_000d;
        return Duration.of(Math.round(micros), ChronoUnit.MICROS);
    }

    private static @Nullable Object dateTimeAttribute(String name) {
        return switch (name) {
            case "now" -> (Callable) arguments -> now(arguments.get(0, "tz"));
            case "utcnow", "today" -> (Callable) arguments -> now(null);
            case "strptime" ->
                (Callable) arguments -> StrpTime.parse(arguments.text(0, "date_string"), arguments.text(1, "format"));
            case "fromisoformat" -> (Callable) arguments -> isoDateTime(arguments.text(0, "date_string"));
            case "fromtimestamp", "utcfromtimestamp" ->
                (Callable) arguments -> {
                    Instant instant =
                            Instant.EPOCH.plus(Math.round(decimal(arguments, 0, "timestamp") * 1e6), ChronoUnit.MICROS);
                    return in(LocalDateTime.ofInstant(instant, ZoneOffset.UTC), arguments.get(1, "tz"));
                };
            case "combine" ->
                (Callable) arguments -> arguments.require(0, "date") instanceof LocalDate date
                                && arguments.require(1, "time") instanceof LocalTime time
                        ? date.atTime(time)
                        : Undefined.of("combine");
            case "min" -> LocalDateTime.of(1, 1, 1, 0, 0);
            case "max" -> LocalDateTime.of(9999, 12, 31, 23, 59, 59, 999_999_000);
            default -> Undefined.because(name, "type object 'datetime.datetime' has no attribute '" + name + "'");
        };
    }

    private static Object now(@Nullable Object zone) {
        Instant now = CLOCK.instant().truncatedTo(ChronoUnit.MICROS);
        return zone instanceof ZoneId id
                ? OffsetDateTime.ofInstant(now, id)
                : LocalDateTime.ofInstant(now, ZoneId.systemDefault());
    }

    private static Object isoDateTime(String text) {
        try {
            if (text.length() == 10) {
                return LocalDate.parse(text).atStartOfDay();
            }
            String iso = text.substring(0, 10) + "T" + text.substring(11);
            return iso.matches(".*(Z|[+-]\\d\\d:?\\d\\d)$") ? OffsetDateTime.parse(iso) : LocalDateTime.parse(iso);
        } catch (DateTimeException | StringIndexOutOfBoundsException e) {
            throw new JinjaException("Invalid isoformat string: " + Python.repr(text), e);
        }
    }

    private static @Nullable Object dateAttribute(String name) {
        return switch (name) {
            case "today" -> (Callable) arguments -> LocalDate.now(ZoneId.systemDefault());
            case "fromisoformat" ->
                (Callable) arguments -> {
                    try {
                        return LocalDate.parse(arguments.text(0, "date_string"));
                    } catch (DateTimeException e) {
                        throw new JinjaException(
                                "Invalid isoformat string: " + Python.repr(arguments.text(0, "date_string")), e);
                    }
                };
            default -> Undefined.because(name, "type object 'datetime.date' has no attribute '" + name + "'");
        };
    }

    private static int number(Arguments arguments, int position, String name, int otherwise) {
        if (!arguments.has(position, name)) {
            if (otherwise < 0) {
                throw new JinjaException("missing a required argument: '" + name + "'");
            }
            return otherwise;
        }
        if (arguments.get(position, name) instanceof Long value && Math.abs(value) < 1_000_000) {
            return value.intValue();
        }
        throw new JinjaException(
                "'" + name + "' must be an integer, got " + Python.repr(arguments.get(position, name)));
    }

    private static double decimal(Arguments arguments, int position, String name) {
        Object value = arguments.get(position, name, 0L);
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        throw new JinjaException("'" + name + "' must be a number, got " + Python.repr(value));
    }

    // pytz

    private static @Nullable Object pytz(String name) {
        return switch (name) {
            case "utc", "UTC" -> ZoneOffset.UTC;
            case "timezone" ->
                (Callable) arguments -> {
                    String zone = arguments.text(0, "zone");
                    try {
                        return ZoneId.of(zone);
                    } catch (DateTimeException e) {
                        throw new JinjaException("unknown time zone " + Python.repr(zone), e);
                    }
                };
            default -> Undefined.because(name, "module 'pytz' has no attribute '" + name + "'");
        };
    }

    // re

    private static @Nullable Object re(String name) {
        return switch (name) {
            case "match" ->
                (Callable) arguments -> {
                    Matcher matcher = matcher(arguments, 2);
                    return matcher.lookingAt() ? new Match(matcher) : null;
                };
            case "fullmatch" ->
                (Callable) arguments -> {
                    Matcher matcher = matcher(arguments, 2);
                    return matcher.matches() ? new Match(matcher) : null;
                };
            case "search" ->
                (Callable) arguments -> {
                    Matcher matcher = matcher(arguments, 2);
                    return matcher.find() ? new Match(matcher) : null;
                };
            case "findall" -> (Callable) Modules::findAll;
            case "finditer" ->
                (Callable) arguments -> {
                    List<Object> found = new ArrayList<>();
                    Matcher matcher = matcher(arguments, 2);
                    while (matcher.find()) {
                        found.add(new Match(matcher));
                    }
                    return found;
                };
            case "sub" -> (Callable) Modules::substitute;
            case "split" -> (Callable) Modules::split;
            case "escape" ->
                (Callable) arguments -> arguments
                        .text(0, "pattern")
                        .replaceAll("([^\\w\\s'\"`,:;<>=@!%/])", "\\\\$1")
                        .replace(" ", "\\ ");
            case "compile" ->
                (Callable) arguments -> new Compiled(pattern(arguments.text(0, "pattern"), arguments.get(1, "flags")));
            case "IGNORECASE", "I" -> (long) Pattern.CASE_INSENSITIVE;
            case "MULTILINE", "M" -> (long) Pattern.MULTILINE;
            case "DOTALL", "S" -> (long) Pattern.DOTALL;
            case "VERBOSE", "X" -> (long) Pattern.COMMENTS;
            default -> Undefined.because(name, "module 're' has no attribute '" + name + "'");
        };
    }

    private static Pattern pattern(Object pattern, @Nullable Object flags) {
        if (pattern instanceof Compiled compiled) {
            return compiled.pattern;
        }
        try {
            String java = Python.str(pattern).replace("(?P<", "(?<").replaceAll("\\(\\?P=(\\w+)\\)", "\\\\k<$1>");
            int options = flags instanceof Long bits ? bits.intValue() : 0;
            return Pattern.compile(java, options | Pattern.UNICODE_CHARACTER_CLASS);
        } catch (PatternSyntaxException e) {
            throw new JinjaException("not a regular expression: " + e.getDescription() + ": " + Python.str(pattern), e);
        }
    }

    private static Matcher matcher(Arguments arguments, int flags) {
        Object pattern = arguments.require(0, "pattern");
        return pattern(pattern == null ? "" : pattern, arguments.get(flags, "flags"))
                .matcher(arguments.text(1, "string"));
    }

    private static Object findAll(Arguments arguments) {
        List<Object> found = new ArrayList<>();
        Matcher matcher = matcher(arguments, 2);
        while (matcher.find()) {
            found.add(groups(matcher));
        }
        return found;
    }

    private static Object groups(Matcher matcher) {
        if (matcher.groupCount() == 0) {
            return matcher.group();
        }
        if (matcher.groupCount() == 1) {
            return matcher.group(1) == null ? "" : matcher.group(1);
        }
        Object[] groups = new Object[matcher.groupCount()];
        for (int i = 0; i < groups.length; i++) {
            groups[i] = matcher.group(i + 1) == null ? "" : matcher.group(i + 1);
        }
        return PyTuple.of(groups);
    }

    private static Object substitute(Arguments arguments) {
        Object pattern = arguments.require(0, "pattern");
        Matcher matcher = pattern(pattern == null ? "" : pattern, arguments.get(4, "flags"))
                .matcher(arguments.text(2, "string"));
        Object replacement = arguments.require(1, "repl");
        long limit = arguments.get(3, "count") instanceof Long count && count > 0 ? count : Long.MAX_VALUE;
        StringBuilder text = new StringBuilder();
        int from = 0;
        for (long done = 0; done < limit && matcher.find(); done++) {
            text.append(
                    matcher.group().isEmpty() && matcher.start() < from
                            ? ""
                            : arguments.text(2, "string").substring(from, matcher.start()));
            text.append(
                    replacement instanceof Callable function
                            ? Python.str(function.call(Arguments.of(new Match(matcher))))
                            : expand(Python.str(replacement), matcher));
            from = matcher.end();
        }
        return text.append(arguments.text(2, "string").substring(from)).toString();
    }

    /** Python's references to groups: {@code \1}, {@code \g<name>}. */
    private static String expand(String replacement, Matcher matcher) {
        Matcher reference = Pattern.compile("\\\\(?:(\\d{1,2})|g<(\\w+)>|(.))").matcher(replacement);
        StringBuilder text = new StringBuilder();
        while (reference.find()) {
            String value;
            if (reference.group(1) != null) {
                value = group(matcher, reference.group(1));
            } else if (reference.group(2) != null) {
                value = group(matcher, reference.group(2));
            } else {
                value = switch (reference.group(3)) {
                    case "n" -> "\n";
                    case "t" -> "\t";
                    case "r" -> "\r";
                    case "\\" -> "\\";
                    default -> reference.group();
                };
            }
            reference.appendReplacement(text, Matcher.quoteReplacement(value));
        }
        reference.appendTail(text);
        return text.toString();
    }

    private static String group(Matcher matcher, String name) {
        try {
            String value = name.matches("\\d+") ? matcher.group(Integer.parseInt(name)) : matcher.group(name);
            return value == null ? "" : value;
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            throw new JinjaException("invalid group reference " + name, e);
        }
    }

    private static Object split(Arguments arguments) {
        List<Object> parts = new ArrayList<>();
        Matcher matcher = matcher(arguments, 3);
        String text = arguments.text(1, "string");
        long limit = arguments.get(2, "maxsplit") instanceof Long count && count > 0 ? count : Long.MAX_VALUE;
        int from = 0;
        while (limit-- > 0 && matcher.find()) {
            parts.add(text.substring(from, matcher.start()));
            for (int i = 1; i <= matcher.groupCount(); i++) {
                parts.add(matcher.group(i));
            }
            from = matcher.end();
        }
        parts.add(text.substring(from));
        return parts;
    }

    private static final class Match implements HostObject {
        private final java.util.regex.MatchResult result;
        private final Matcher matcher;

        Match(Matcher matcher) {
            this.result = matcher.toMatchResult();
            this.matcher = matcher;
        }

        @Override
        public @Nullable Object attribute(String name) {
            return switch (name) {
                case "group" -> (Callable) arguments -> group(arguments.positional());
                case "groups" ->
                    (Callable) arguments -> {
                        Object[] groups = new Object[result.groupCount()];
                        for (int i = 0; i < groups.length; i++) {
                            groups[i] = result.group(i + 1);
                        }
                        return PyTuple.of(groups);
                    };
                case "start" -> (Callable) arguments -> (long) result.start();
                case "end" -> (Callable) arguments -> (long) result.end();
                case "span" -> (Callable) arguments -> PyTuple.of((long) result.start(), (long) result.end());
                default -> Undefined.because(name, "'re.Match' object has no attribute '" + name + "'");
            };
        }

        private @Nullable Object group(List<@Nullable Object> names) {
            if (names.size() > 1) {
                List<@Nullable Object> groups = new ArrayList<>();
                names.forEach(name -> groups.add(group(List.of(name == null ? 0L : name))));
                return PyTuple.copyOf(groups);
            }
            Object name = names.isEmpty() ? 0L : names.get(0);
            try {
                return name instanceof Long number ? result.group(number.intValue()) : matcher.group(Python.str(name));
            } catch (IndexOutOfBoundsException | IllegalArgumentException | IllegalStateException e) {
                throw new JinjaException("no such group: " + Python.str(name), e);
            }
        }

        @Override
        public @Nullable Object item(@Nullable Object key) {
            return group(List.of(key == null ? 0L : key));
        }

        @Override
        public String typeName() {
            return "Match";
        }
    }

    private static final class Compiled implements HostObject {
        private final Pattern pattern;

        Compiled(Pattern pattern) {
            this.pattern = pattern;
        }

        @Override
        public @Nullable Object attribute(String name) {
            if (name.equals("pattern")) {
                return pattern.pattern();
            }
            Object function = re(name);
            if (!(function instanceof Callable callable)) {
                return function;
            }
            return (Callable) arguments -> {
                List<@Nullable Object> positional = new ArrayList<>();
                positional.add(this);
                positional.addAll(arguments.positional());
                return callable.call(new Arguments(positional, arguments.keyword()));
            };
        }

        @Override
        public String typeName() {
            return "Pattern";
        }
    }

    // itertools

    private static @Nullable Object itertools(String name) {
        return switch (name) {
            case "product" -> (Callable) Modules::product;
            case "chain" ->
                (Callable) arguments -> {
                    List<@Nullable Object> all = new ArrayList<>();
                    arguments.positional().forEach(part -> Python.elements(part).forEach(all::add));
                    return all;
                };
            case "zip_longest" -> (Callable) Modules::zipLongest;
            case "combinations" -> (Callable) arguments -> combinations(arguments, false);
            case "permutations" -> (Callable) arguments -> combinations(arguments, true);
            default -> Undefined.because(name, "module 'itertools' has no attribute '" + name + "'");
        };
    }

    private static List<@Nullable Object> list(@Nullable Object value) {
        List<@Nullable Object> list = new ArrayList<>();
        Python.elements(value).forEach(list::add);
        return list;
    }

    private static Object product(Arguments arguments) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        rows.add(List.of());
        long repeat = arguments.keyword().get("repeat") instanceof Long times ? times : 1;
        for (long time = 0; time < repeat; time++) {
            for (Object part : arguments.positional()) {
                List<List<@Nullable Object>> longer = new ArrayList<>();
                for (List<@Nullable Object> row : rows) {
                    for (Object item : list(part)) {
                        List<@Nullable Object> extended = new ArrayList<>(row);
                        extended.add(item);
                        longer.add(extended);
                        limit(longer.size());
                    }
                }
                rows = longer;
            }
        }
        List<Object> tuples = new ArrayList<>();
        rows.forEach(row -> tuples.add(PyTuple.copyOf(row)));
        return tuples;
    }

    private static void limit(int size) {
        if (size > MAX_ELEMENTS) {
            throw new JinjaException("itertools: more than " + MAX_ELEMENTS + " elements");
        }
    }

    private static Object zipLongest(Arguments arguments) {
        List<List<@Nullable Object>> columns = new ArrayList<>();
        arguments.positional().forEach(part -> columns.add(list(part)));
        int length = columns.stream().mapToInt(List::size).max().orElse(0);
        List<Object> rows = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            List<@Nullable Object> row = new ArrayList<>();
            for (List<@Nullable Object> column : columns) {
                row.add(i < column.size() ? column.get(i) : arguments.keyword().get("fillvalue"));
            }
            rows.add(PyTuple.copyOf(row));
        }
        return rows;
    }

    private static Object combinations(Arguments arguments, boolean ordered) {
        List<@Nullable Object> pool = list(arguments.require(0, "iterable"));
        int length = arguments.get(1, "r") instanceof Long r ? r.intValue() : pool.size();
        List<Object> found = new ArrayList<>();
        combine(pool, length, ordered, new ArrayList<>(), found);
        return found;
    }

    private static void combine(
            List<@Nullable Object> pool, int length, boolean ordered, List<Integer> chosen, List<Object> found) {
        if (chosen.size() == length) {
            List<@Nullable Object> row = new ArrayList<>();
            chosen.forEach(index -> row.add(pool.get(index)));
            found.add(PyTuple.copyOf(row));
            limit(found.size());
            return;
        }
        int from = ordered || chosen.isEmpty() ? 0 : chosen.get(chosen.size() - 1) + 1;
        for (int i = from; i < pool.size(); i++) {
            if (!ordered || !chosen.contains(i)) {
                chosen.add(i);
                combine(pool, length, ordered, chosen, found);
                chosen.remove(chosen.size() - 1);
            }
        }
    }
}
