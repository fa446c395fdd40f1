package io.weir.core.task;

/**
 * That one of several sources has ended, and how: what {@link Gather#asCompleted} emits.
 *
 * @param index which source: its place in the iteration, from 0
 * @param outcome how it ended
 * @param <T> the value's type
 */
public record Completion<T>(int index, Outcome<T> outcome) {}
