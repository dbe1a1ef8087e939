/** DuckDB: sessions, relations, and Landfall's own tables. */
@NullMarked
package dev.landfall.warehouse;

import org.jspecify.annotations.NullMarked;
