/**
 * A small JSON service that takes no more than it can do: {@link io.weir.demos.service.ServiceCommand} runs it,
 * {@link io.weir.demos.service.ReportService} starts and stops it, {@code Reports} is what it does.
 */
@NullMarked
package io.weir.demos.service;

import org.jspecify.annotations.NullMarked;
