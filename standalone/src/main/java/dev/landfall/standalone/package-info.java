/** The three services, a broker and the command line in one JVM. */
@NullMarked
package dev.landfall.standalone;

import org.jspecify.annotations.NullMarked;
