/** dbt's context over Jinja: loads a project, and turns a model into SQL. */
@NullMarked
package dev.landfall.template;

import org.jspecify.annotations.NullMarked;
