/** The node, the broker and the engine are killed at any moment, and nothing may be lost. */
@NullMarked
package dev.longshore.soak;

import org.jspecify.annotations.NullMarked;
