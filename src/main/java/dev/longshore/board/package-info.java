/** What anyone may look up: executions, nodes and log lines, folded from the topics. */
@NullMarked
package dev.longshore.board;

import org.jspecify.annotations.NullMarked;
