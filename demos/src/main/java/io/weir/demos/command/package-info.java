/**
 * What the commands of {@code weir} share: {@link io.weir.demos.command.WeirCommand}, how they print and end;
 * {@link io.weir.demos.command.Use}, how a use among the demos runs.
 */
@NullMarked
package io.weir.demos.command;

import org.jspecify.annotations.NullMarked;
