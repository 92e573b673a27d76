/**
 * Whose cgroup is it: the forms of path that kubelets and container runtimes make, taken apart. Pure functions.
 * Imports nothing of Memspike.
 */
@NullMarked
package io.memspike.pod;

import org.jspecify.annotations.NullMarked;
