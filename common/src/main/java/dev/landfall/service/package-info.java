/** What a long-running service needs beside the engine: everything opened when first used, and watched. */
@NullMarked
package dev.landfall.service;

import org.jspecify.annotations.NullMarked;
