/** The Jinja template language with Python's values, as dbt uses it; knows nothing of dbt. */
@NullMarked
package dev.landfall.jinja;

import org.jspecify.annotations.NullMarked;
