/** What tests of several packages share: a broker, engines of their own. */
@NullMarked
package dev.longshore.testing;

import org.jspecify.annotations.NullMarked;
