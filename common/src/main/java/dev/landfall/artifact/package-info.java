/** What other tools read of a project and its runs: dbt's manifest.json and run_results.json. */
@NullMarked
package dev.landfall.artifact;

import org.jspecify.annotations.NullMarked;
