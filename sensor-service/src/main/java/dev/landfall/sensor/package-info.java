/** Watches the lake and announces landed partitions. */
@NullMarked
package dev.landfall.sensor;

import org.jspecify.annotations.NullMarked;
