/** What lies in object storage, and how DuckDB reads it. */
@NullMarked
package dev.landfall.lake;

import org.jspecify.annotations.NullMarked;
