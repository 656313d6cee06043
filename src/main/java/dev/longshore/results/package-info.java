/** What executions leave on the node's disk: their logs as files and the outputs collected. */
@NullMarked
package dev.longshore.results;

import org.jspecify.annotations.NullMarked;
