/** Memspike: sees the memory spike between two scrapes. {@link io.memspike.Main} alone wires the packages below. */
@NullMarked
package io.memspike;

import org.jspecify.annotations.NullMarked;
