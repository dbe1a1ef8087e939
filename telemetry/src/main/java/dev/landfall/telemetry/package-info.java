/** What the services let others see: metrics, traces that follow a landing through Kafka, lineage of datasets. */
@NullMarked
package dev.landfall.telemetry;

import org.jspecify.annotations.NullMarked;
