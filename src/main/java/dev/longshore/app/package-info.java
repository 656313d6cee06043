/**
 * Reads the settings, builds the node from its parts by hand, starts and stops it in order. The one
 * place that knows all the others.
 */
@NullMarked
package dev.longshore.app;

import org.jspecify.annotations.NullMarked;
