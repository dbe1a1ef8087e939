/** Rebuilds the marts downstream of what was materialized. */
@NullMarked
package dev.landfall.mart;

import org.jspecify.annotations.NullMarked;
