/** REST and log tail: reads the board, writes commands to their topics. */
@NullMarked
package dev.longshore.http;

import org.jspecify.annotations.NullMarked;
