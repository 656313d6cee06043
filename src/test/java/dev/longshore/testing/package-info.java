/** What tests of several packages share. */
@NullMarked
package dev.longshore.testing;

import org.jspecify.annotations.NullMarked;
