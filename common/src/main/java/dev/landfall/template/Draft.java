package dev.landfall.template;

import dev.landfall.jinja.Location;
import dev.landfall.project.Dependencies.Ref;
import dev.landfall.project.Dependencies.SourceRef;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the parse pass writes down while it renders one node. */
final class Draft {
    /** What {@code config()} was called with, later calls merged over earlier ones. */
    final Map<String, @Nullable Object> config = new LinkedHashMap<>();

    /** Where {@code config()} was called last for each key. */
    final Map<String, Location> configPlaces = new HashMap<>();

    /** What will go wrong when the node is built, and where it stands. */
    final Map<Location, String> doubts = new LinkedHashMap<>();

    final Set<Ref> refs = new LinkedHashSet<>();
    final Set<SourceRef> sources = new LinkedHashSet<>();

    /** Where each was first asked for. */
    final Map<Object, Location> places = new HashMap<>();

    /** Unique ids of the macros that the node itself called. */
    final Set<String> macros = new LinkedHashSet<>();
}
