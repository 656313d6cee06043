/** What one part of a process asks another that owns what is asked about: by the event bus. */
@NullMarked
package dev.longshore.bus;

import org.jspecify.annotations.NullMarked;
