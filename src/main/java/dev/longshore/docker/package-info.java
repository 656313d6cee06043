/** The only place that knows docker-java: the engine as futures, lines and typed failures. */
@NullMarked
package dev.longshore.docker;

import org.jspecify.annotations.NullMarked;
