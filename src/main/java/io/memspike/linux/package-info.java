/**
 * The operating system: files that the kernel writes as one reads them, inotify, and the errno behind a failed read.
 * The only package that calls native code (JNA). Owner thread: the caller's; no object here may be shared by two.
 * Imports nothing of Memspike.
 */
@NullMarked
package io.memspike.linux;

import org.jspecify.annotations.NullMarked;
