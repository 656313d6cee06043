/** Tests of the values. */
@NullMarked
package dev.longshore.job;

import org.jspecify.annotations.NullMarked;
