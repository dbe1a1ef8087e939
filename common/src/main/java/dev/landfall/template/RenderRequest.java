package dev.landfall.template;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One rendering.
 *
 * @param incremental what {@code is_incremental()} answers
 * @param fullRefresh what {@code flags.FULL_REFRESH} answers
 * @param command what {@code flags.WHICH} answers: {@code run}, {@code compile}, {@code test}, …
 * @param vars lie over the project's variables: {@code landed_partitions}, {@code files}
 * @param context further names for the template: {@code results} in hooks at the end of a run
 * @param batch what a microbatch model is rendered for: what it reads by {@code ref()} and {@code source()} is narrowed
 *     to it where that has an {@code event_time}
 */
public record RenderRequest(
        Database database,
        boolean incremental,
        boolean fullRefresh,
        String command,
        Map<String, @Nullable Object> vars,
        Map<String, @Nullable Object> context,
        @Nullable Batch batch) {

    public RenderRequest(
            Database database,
            boolean incremental,
            boolean fullRefresh,
            String command,
            Map<String, @Nullable Object> vars,
            Map<String, @Nullable Object> context) {
        this(database, incremental, fullRefresh, command, vars, context, null);
    }

    public RenderRequest(
            Database database, boolean incremental, boolean fullRefresh, Map<String, @Nullable Object> vars) {
        this(database, incremental, fullRefresh, "run", vars, Map.of());
    }

    public RenderRequest withIncremental(boolean other) {
        return new RenderRequest(database, other, fullRefresh, command, vars, context, batch);
    }

    public RenderRequest withCommand(String other) {
        return new RenderRequest(database, incremental, fullRefresh, other, vars, context, batch);
    }

    /** The same with one more variable. */
    public RenderRequest withVar(String name, @Nullable Object value) {
        Map<String, @Nullable Object> more = new LinkedHashMap<>(vars);
        more.put(name, value);
        return new RenderRequest(database, incremental, fullRefresh, command, more, context, batch);
    }

    public RenderRequest withContext(Map<String, @Nullable Object> other) {
        return new RenderRequest(database, incremental, fullRefresh, command, vars, other, batch);
    }

    public RenderRequest withBatch(@Nullable Batch other) {
        return new RenderRequest(database, incremental, fullRefresh, command, vars, context, other);
    }
}
