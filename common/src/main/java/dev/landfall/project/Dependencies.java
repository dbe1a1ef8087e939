package dev.landfall.project;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a node reads, as the parse pass saw it.
 *
 * @param nodes unique ids of nodes and sources, in the order of first use
 * @param macros unique ids of the macros that it called
 * @param refs the {@code ref()}s as written
 * @param sources the {@code source()}s as written
 */
public record Dependencies(List<String> nodes, List<String> macros, List<Ref> refs, List<SourceRef> sources) {
    public static final Dependencies NONE = new Dependencies(List.of(), List.of(), List.of(), List.of());

    /** {@code ref('package', 'name', version=1)}. */
    public record Ref(
            String name,
            @Nullable String packageName,
            @Nullable Object version) {}

    /** {@code source('shop', 'orders')}. */
    public record SourceRef(String source, String table) {}
}
