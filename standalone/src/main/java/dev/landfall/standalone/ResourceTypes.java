package dev.landfall.standalone;

import dev.landfall.project.Problems;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeSet;

/** dbt's flags {@code --resource-type} and {@code --exclude-resource-type}. */
final class ResourceTypes {
    private ResourceTypes() {}

    /** The types that are left of those a command knows. */
    static Set<String> of(Landfall landfall, Set<String> known, Collection<String> only, Collection<String> except) {
        check(landfall, known, only);
        check(landfall, known, except);
        Set<String> left = new LinkedHashSet<>(only.isEmpty() || only.contains("all") ? known : only);
        left.removeAll(except);
        return left;
    }

    private static void check(Landfall landfall, Set<String> known, Collection<String> given) {
        for (String type : given) {
            if (!known.contains(type) && !type.equals("all")) {
                throw landfall.usage(
                        "unknown resource type '" + type + "'" + Problems.nearest(type, new TreeSet<>(known)));
            }
        }
    }
}
