/** Many URLs at once: {@link io.weir.demos.fetch.FetchCommand}. */
@NullMarked
package io.weir.demos.fetch;

import org.jspecify.annotations.NullMarked;
