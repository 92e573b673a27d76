/**
 * Integration tests: the jar as it is shipped, started as a process and asked over HTTP. Nothing here knows a class of
 * the exporter. Need promtool and the Debian package python3-prometheus-client.
 */
package io.memspike.jar;
