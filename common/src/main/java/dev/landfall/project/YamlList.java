package dev.landfall.project;

import dev.landfall.jinja.Location;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** A list of a YAML file that knows where its items stand. */
public final class YamlList extends ArrayList<@Nullable Object> {
    private final transient List<Location> places = new ArrayList<>();

    void add(@Nullable Object item, Location place) {
        add(item);
        places.add(place);
    }

    /** Where an item begins. */
    public Location at(int index) {
        return places.get(index);
    }

    /** A copy in which each item was replaced. The function is given the item and its place. */
    public YamlList transform(BiFunction<@Nullable Object, Location, @Nullable Object> change) {
        YamlList copy = new YamlList();
        for (int i = 0; i < size(); i++) {
            copy.add(change.apply(get(i), at(i)), at(i));
        }
        return copy;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return super.equals(other);
    }

    @Override
    public int hashCode() {
        return super.hashCode();
    }
}
