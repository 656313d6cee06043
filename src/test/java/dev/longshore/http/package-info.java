/** Tests of the HTTP side. */
@NullMarked
package dev.longshore.http;

import org.jspecify.annotations.NullMarked;
