package io.weir.http;

import io.weir.core.task.Outcome;

/**
 * What became of one input of {@link FetchClient#fetchAll}.
 *
 * @param index the input's place, from 0
 * @param input the input
 * @param outcome the response, whatever its status, or the error
 * @param <T> the input's type
 */
public record FetchOutcome<T>(long index, T input, Outcome<FetchResponse> outcome) {}
