/**
 * The Jinja template language with Python's values, as dbt uses it; knows nothing of dbt.
 *
 * <p>{@link dev.landfall.jinja.Template} is parsed once and rendered many times in a
 * {@link dev.landfall.jinja.Scope}. Values are Java's: None is null, int is Long or BigInteger, float is Double, Decimal
 * is BigDecimal, str is String, list is List, tuple is {@link dev.landfall.jinja.PyTuple}, dict is Map, set is Set.
 */
@NullMarked
package dev.landfall.jinja;

import org.jspecify.annotations.NullMarked;
