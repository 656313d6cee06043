/** What this node has, and what of it is promised: pure, owned by one context. */
@NullMarked
package dev.longshore.capacity;

import org.jspecify.annotations.NullMarked;
