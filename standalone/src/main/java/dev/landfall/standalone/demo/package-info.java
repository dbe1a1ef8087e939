/** The demo's shop: what Airbyte would land of it, sync by sync, and what the tables must say in the end. */
@NullMarked
package dev.landfall.standalone.demo;

import org.jspecify.annotations.NullMarked;
