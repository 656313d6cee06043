/** Tests of what development needs. */
@NullMarked
package dev.longshore.app.dev;

import org.jspecify.annotations.NullMarked;
