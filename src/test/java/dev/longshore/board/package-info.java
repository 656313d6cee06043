/** Tests of the board. */
@NullMarked
package dev.longshore.board;

import org.jspecify.annotations.NullMarked;
