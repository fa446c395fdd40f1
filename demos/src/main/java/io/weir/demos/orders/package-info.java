/** A use of Weir: orders in a database, by R2DBC. Begin with {@link io.weir.demos.orders.OrdersCommand}. */
@NullMarked
package io.weir.demos.orders;

import org.jspecify.annotations.NullMarked;
