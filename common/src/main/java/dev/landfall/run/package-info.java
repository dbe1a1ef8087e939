/** Runs models: dbt's materializations, landings, eager marts. */
@NullMarked
package dev.landfall.run;

import org.jspecify.annotations.NullMarked;
