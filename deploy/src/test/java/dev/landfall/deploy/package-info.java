/** What the files of deployment promise: that they are valid, fit together and name only what exists. */
@NullMarked
package dev.landfall.deploy;

import org.jspecify.annotations.NullMarked;
