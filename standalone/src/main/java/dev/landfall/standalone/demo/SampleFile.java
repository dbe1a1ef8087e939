package dev.landfall.standalone.demo;

import dev.landfall.project.StreamName;
import java.nio.file.Path;

/**
 * One file of a sync, ready to be landed.
 *
 * @param stream the stream whose records it holds
 * @param key where it lands in the bucket: {@code raw/shopify/orders/year=2026/month=01/day=02/7_0.parquet}
 * @param local where it lies now
 */
public record SampleFile(StreamName stream, String key, Path local) {}
