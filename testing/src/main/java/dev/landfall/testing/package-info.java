/** What tests share: a real broker, a real S3 server, Parquet files. */
@NullMarked
package dev.landfall.testing;

import org.jspecify.annotations.NullMarked;
