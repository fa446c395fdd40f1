/** A use of Weir: thousands of sensors, averaged as they come, and watched on a page. Begin with {@link io.weir.demos.sensors.Station}. */
@NullMarked
package io.weir.demos.sensors;

import org.jspecify.annotations.NullMarked;
