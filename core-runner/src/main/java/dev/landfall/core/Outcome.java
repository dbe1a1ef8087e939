package dev.landfall.core;

/** What became of a lane's turn. */
sealed interface Outcome {
    /** Whether each model could take what it was given. */
    default boolean complete() {
        return false;
    }

    /** The same, with something left over. */
    default Outcome incomplete() {
        return this;
    }

    /**
     * All that the turn had is applied or dead-lettered; the offsets may be committed.
     *
     * @param complete false when a model could not take its landings: what is left over is looked for again later
     */
    record Done(boolean complete) implements Outcome {
        @Override
        public Outcome incomplete() {
            return new Done(false);
        }
    }

    /** The turn gave way before the end of a catching up or a request; the lane's next turn goes on with it. */
    record Unfinished(boolean complete) implements Outcome {
        @Override
        public Outcome incomplete() {
            return new Unfinished(false);
        }
    }

    /** Something failed that may pass; the lane tries again after a while. */
    record Failed(String error) implements Outcome {}

    /** Another runner took the lane. */
    record Lost(String reason) implements Outcome {}
}
