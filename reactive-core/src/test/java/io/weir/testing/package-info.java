/** What every module's tests share: leaked buffers fail the class that leaked them. */
@NullMarked
package io.weir.testing;

import org.jspecify.annotations.NullMarked;
