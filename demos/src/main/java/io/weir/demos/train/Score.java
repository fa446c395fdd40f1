package io.weir.demos.train;

/**
 * What a trial had reached at a rung.
 *
 * @param loss of the points it has not learned from; not a number where the training got lost
 */
record Score(Trial trial, double loss) {}
