/** What the tests of several packages share: engines, brokers and proxies of their own. */
@NullMarked
package dev.longshore.testing;

import org.jspecify.annotations.NullMarked;
