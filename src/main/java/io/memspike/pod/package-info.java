/**
 * Whose cgroup is it: the forms of path that kubelets and container runtimes make, taken apart by pure functions; and
 * the sources of names, each of which learns on a thread of its own and answers from what it has published. Imports
 * {@code linux}.
 */
@NullMarked
package io.memspike.pod;

import org.jspecify.annotations.NullMarked;
