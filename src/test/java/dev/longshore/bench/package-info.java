/** The benchmarks' own parts: a figure is only as good as what takes it. */
@NullMarked
package dev.longshore.bench;

import org.jspecify.annotations.NullMarked;
