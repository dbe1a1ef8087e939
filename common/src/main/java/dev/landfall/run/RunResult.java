package dev.landfall.run;

import dev.landfall.event.ModelFailed;
import dev.landfall.event.ModelMaterialized;
import java.util.List;

/** What became of one model in one run; the events are ready to be published. */
public sealed interface RunResult {
    /** The model's unique id. */
    String model();

    /** Files that this run left out for good, each to be told on the dead letter topic. */
    List<DeadLettered> deadLettered();

    /**
     * The model is committed.
     *
     * @param repeated true when there was nothing to do: the event of an earlier run is published again
     * @param warnings for the log, each once per model and process
     */
    record Succeeded(ModelMaterialized event, List<DeadLettered> deadLettered, List<String> warnings, boolean repeated)
            implements RunResult {
        @Override
        public String model() {
            return event.model();
        }
    }

    /** The model could not be built; what it had before still stands. Try the same again when it is retryable. */
    record Failed(ModelFailed event, List<DeadLettered> deadLettered) implements RunResult {
        @Override
        public String model() {
            return event.model();
        }

        public boolean retryable() {
            return event.retryable();
        }
    }

    /** The model was not run, and that is fine: it waits, or a model that it reads failed. */
    record Skipped(String model, String reason) implements RunResult {
        @Override
        public List<DeadLettered> deadLettered() {
            return List.of();
        }
    }
}
