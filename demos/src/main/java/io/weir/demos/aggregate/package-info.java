/** Several APIs, one answer: {@link io.weir.demos.aggregate.AggregateCommand} runs {@code Aggregate}. */
@NullMarked
package io.weir.demos.aggregate;

import org.jspecify.annotations.NullMarked;
