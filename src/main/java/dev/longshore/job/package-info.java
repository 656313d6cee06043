/** What can be asked, what can happen, what was said: immutable values without any library behind them. */
@NullMarked
package dev.longshore.job;

import org.jspecify.annotations.NullMarked;
