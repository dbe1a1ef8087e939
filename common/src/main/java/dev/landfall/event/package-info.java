/** The contracts between the services. */
@NullMarked
package dev.landfall.event;

import org.jspecify.annotations.NullMarked;
