/** What core-runner and mart-runner share on Spring and Kafka. */
@NullMarked
package dev.landfall.runner;

import org.jspecify.annotations.NullMarked;
