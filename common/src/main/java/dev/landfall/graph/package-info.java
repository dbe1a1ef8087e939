/** Who feeds whom: order and selection of nodes. */
@NullMarked
package dev.landfall.graph;

import org.jspecify.annotations.NullMarked;
