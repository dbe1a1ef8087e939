/** A real Kafka broker inside this JVM. */
@NullMarked
package dev.landfall.broker;

import org.jspecify.annotations.NullMarked;
