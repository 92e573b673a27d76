/**
 * Options of the command line and the environment, concluded once into one immutable
 * {@link io.memspike.config.Settings}. Nothing else of Memspike reads either. Imports what its
 * parts take their settings as.
 */
@NullMarked
package io.memspike.config;

import org.jspecify.annotations.NullMarked;
