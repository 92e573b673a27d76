/**
 * What is served over HTTP, by Vert.x. Owner thread: the event loop, which only takes requests and hands on bytes; a
 * scrape is written on {@code memspike-scrape}, because simpleclient's process collector reads /proc.
 * Imports {@code sampling}, {@code metrics}.
 */
@NullMarked
package io.memspike.web;

import org.jspecify.annotations.NullMarked;
