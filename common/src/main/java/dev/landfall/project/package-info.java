/** What the user wrote: a dbt project and its streams. */
@NullMarked
package dev.landfall.project;

import org.jspecify.annotations.NullMarked;
