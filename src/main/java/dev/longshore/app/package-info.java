/** Puts a node together from its parts, starts it and stops it, in order. */
@NullMarked
package dev.longshore.app;

import org.jspecify.annotations.NullMarked;
