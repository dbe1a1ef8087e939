/** Runs the core models of a stream when its partitions land. */
@NullMarked
package dev.landfall.core;

import org.jspecify.annotations.NullMarked;
