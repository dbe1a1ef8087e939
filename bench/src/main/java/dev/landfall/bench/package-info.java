/** What Landfall costs, measured beside what it is made of. */
@NullMarked
package dev.landfall.bench;

import org.jspecify.annotations.NullMarked;
