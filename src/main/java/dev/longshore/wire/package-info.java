/** The only place that knows the JSON and CloudEvents form of what the {@code job} package holds, and the published schemas. */
@NullMarked
package dev.longshore.wire;

import org.jspecify.annotations.NullMarked;
