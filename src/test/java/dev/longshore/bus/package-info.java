/** Tests of the questions that parts of a process ask each other. */
@NullMarked
package dev.longshore.bus;

import org.jspecify.annotations.NullMarked;
