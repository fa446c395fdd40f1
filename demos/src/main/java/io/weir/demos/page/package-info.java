/** What the uses that have a web page share. */
@NullMarked
package io.weir.demos.page;

import org.jspecify.annotations.NullMarked;
