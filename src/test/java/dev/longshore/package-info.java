/** Tests that look at the whole build rather than at one package. */
@NullMarked
package dev.longshore;

import org.jspecify.annotations.NullMarked;
