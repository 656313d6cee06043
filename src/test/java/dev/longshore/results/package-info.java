/** Tests of what executions leave on the disk. */
@NullMarked
package dev.longshore.results;

import org.jspecify.annotations.NullMarked;
