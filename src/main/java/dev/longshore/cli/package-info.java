/** The commands that a person types; most are clients of a node's HTTP side. */
@NullMarked
package dev.longshore.cli;

import org.jspecify.annotations.NullMarked;
