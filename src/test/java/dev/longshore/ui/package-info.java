/** The web page, as a person sees it: in a real browser, against a real node. */
@NullMarked
package dev.longshore.ui;

import org.jspecify.annotations.NullMarked;
