/** Runs the executions of this node; the sole owner of what runs here. Everything in it lives on one context. */
@NullMarked
package dev.longshore.executor;

import org.jspecify.annotations.NullMarked;
