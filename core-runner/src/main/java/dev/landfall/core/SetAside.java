package dev.landfall.core;

import java.util.List;
import java.util.function.Function;

/**
 * Landings for which a table is being built anew, and which gave way. The lane goes on with them when nothing fresh
 * waits, and commits no offset before they are done.
 *
 * @param goOn {@link Outcome.Unfinished} when it gives way once more
 */
record SetAside(List<Landing> landings, Function<Turn, Outcome> goOn) {}
