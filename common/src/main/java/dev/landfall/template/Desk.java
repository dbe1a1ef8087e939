package dev.landfall.template;

import dev.landfall.jinja.JinjaException;
import dev.landfall.jinja.Limits;
import dev.landfall.jinja.Location;
import dev.landfall.jinja.Template;
import dev.landfall.project.Problems;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What the steps of one loading share: the mistakes found, the files read, the configuration of each package. */
final class Desk {
    final Problems problems = new Problems();

    /** SHA-256 of each file that was read, by the name it has in messages. */
    final Map<String, byte[]> digests = new ConcurrentHashMap<>();

    /** Names of models, seeds and snapshots whose files are wrong: what refers to them is not wrong for that. */
    final Set<String> broken = ConcurrentHashMap.newKeySet();

    /** Whether a property file is no YAML, so that sources may be missing which it has. */
    volatile boolean brokenProperties;

    private final Map<String, ConfigTree> trees = new HashMap<>();

    void add(DbtPackage each) {
        trees.put(each.name(), new ConfigTree(each.settings()));
    }

    Set<String> packages() {
        return trees.keySet();
    }

    /** What dbt_project.yml of a package says of nodes. */
    ConfigTree tree(String packageName) {
        return Objects.requireNonNull(trees.get(packageName));
    }

    /** Null when it is no template; then that is told. */
    @Nullable
    Template template(Location start, String text) {
        try {
            return Template.parse(start, text, Limits.DEFAULT);
        } catch (JinjaException e) {
            tell(e, start);
            return null;
        }
    }

    /** A mistake that rendering found, where it was found, or else at the given place. */
    void tell(JinjaException e, Location place) {
        Location exact = e.location();
        String through =
                exact == null || exact.file().equals(place.file()) ? "" : " (while parsing " + place.file() + ")";
        problems.error(exact == null ? place : exact, e.problem() + through);
    }
}
