/** Tests of the executor, on an engine in memory and on the real thing. */
@NullMarked
package dev.longshore.executor;

import org.jspecify.annotations.NullMarked;
