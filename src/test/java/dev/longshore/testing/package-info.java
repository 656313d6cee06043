/** What tests of several packages share: a broker, an engine. */
@NullMarked
package dev.longshore.testing;

import org.jspecify.annotations.NullMarked;
