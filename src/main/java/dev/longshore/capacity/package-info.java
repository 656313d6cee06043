/**
 * What this node has, and what of it is promised: owned by one context, and pure but for the
 * inventory of GPUs, which looks at the host.
 */
@NullMarked
package dev.longshore.capacity;

import org.jspecify.annotations.NullMarked;
