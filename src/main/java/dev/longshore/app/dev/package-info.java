/**
 * What only development needs: the embedded broker and the commands that run everything in one
 * process.
 */
@NullMarked
package dev.longshore.app.dev;

import org.jspecify.annotations.NullMarked;
