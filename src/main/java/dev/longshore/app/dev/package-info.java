/** What makes a machine ready to try Longshore on: a Docker engine, an image, a broker within the process, a check-up. */
@NullMarked
package dev.longshore.app.dev;

import org.jspecify.annotations.NullMarked;
