/** What the tests of every package share: engines of their own. */
@NullMarked
package dev.longshore.testing;

import org.jspecify.annotations.NullMarked;
