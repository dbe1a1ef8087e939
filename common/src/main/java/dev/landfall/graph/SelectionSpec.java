package dev.landfall.graph;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What is to be selected, as the command line or selectors.yml says it. */
sealed interface SelectionSpec {

    /**
     * One term: {@code [@][n+]method:value[+n]}.
     *
     * @param method {@code tag}, {@code config.materialized}, …; null to tell it by the value
     * @param above how many steps upwards; 0 for none
     * @param below how many steps downwards; 0 for none
     * @param around all below, and all that those need: {@code @}
     */
    record Term(@Nullable String method, String value, int above, int below, boolean around, IndirectSelection tests)
            implements SelectionSpec {
        static final int ALL = Integer.MAX_VALUE;

        private static final Pattern WRITTEN = Pattern.compile("(?<at>@)?(?:(?<up>\\d*)\\+)?"
                + "(?:(?<method>[a-z_]+(?:\\.[\\w.\\-]+)?):)?(?<value>.+?)(?<down>\\+(?<steps>\\d*))?");

        static Term of(String written, IndirectSelection tests) {
            Matcher matcher = WRITTEN.matcher(written);
            if (!matcher.matches()) {
                throw new IllegalArgumentException("cannot read the selection '" + written + "'");
            }
            boolean around = matcher.group("at") != null;
            boolean down = matcher.group("down") != null;
            if (around && down) {
                throw new IllegalArgumentException(
                        "'" + written + "' begins with '@' and ends with '+'; '@' has both sides already");
            }
            return new Term(
                    matcher.group("method"),
                    matcher.group("value"),
                    matcher.group("up") == null ? 0 : steps(matcher.group("up")),
                    down ? steps(matcher.group("steps")) : 0,
                    around,
                    tests);
        }

        private static int steps(@Nullable String digits) {
            return digits == null || digits.isEmpty() ? ALL : (int) Math.min(Long.parseLong(digits), 1_000_000);
        }
    }

    /** What any of these selects. */
    record Union(List<SelectionSpec> parts, IndirectSelection tests) implements SelectionSpec {}

    /** What all of these select. */
    record Intersection(List<SelectionSpec> parts, IndirectSelection tests) implements SelectionSpec {}

    /** What the one selects and the other does not. */
    record Difference(SelectionSpec from, SelectionSpec without) implements SelectionSpec {}

    /** Terms of a command line: a blank unites, a comma intersects. */
    static Union of(Collection<String> words, IndirectSelection tests) {
        List<SelectionSpec> parts = new ArrayList<>();
        for (String word : words(words)) {
            List<SelectionSpec> terms = new ArrayList<>();
            for (String term : word.split(",", -1)) {
                terms.add(Term.of(term, tests));
            }
            parts.add(new Intersection(terms, tests));
        }
        return new Union(parts, tests);
    }

    static List<String> words(Collection<String> terms) {
        List<String> words = new ArrayList<>();
        for (String term : terms) {
            for (String word : term.strip().split("\\s+", -1)) {
                if (!word.isEmpty()) {
                    words.add(word);
                }
            }
        }
        return words;
    }
}
