/**
 * What only development needs: a machine made ready (a Docker engine, an image), a broker within
 * the process, the check-up, and everything in one process.
 */
@NullMarked
package dev.longshore.app.dev;

import org.jspecify.annotations.NullMarked;
