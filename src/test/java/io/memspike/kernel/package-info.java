/**
 * What only a real kernel can show: run as root where cgroup v2 has the memory controller, which is here or in the
 * machines of {@code src/lab/vm}; {@code src/lab/test} does either. The exporter under test is the shipped jar.
 */
package io.memspike.kernel;
