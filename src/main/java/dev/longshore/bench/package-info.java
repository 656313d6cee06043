/**
 * Measures this machine: a node as its users see it beside the bare engine, in one run, and a node
 * on a simulated engine where its own cost is the question. Gives figures, never a verdict.
 */
@NullMarked
package dev.longshore.bench;

import org.jspecify.annotations.NullMarked;
