/** Tests of the settings and of the assembly. */
@NullMarked
package dev.longshore.app;

import org.jspecify.annotations.NullMarked;
