package io.weir.demos.train;

import java.util.List;

/**
 * How it went at a rung.
 *
 * @param epoch where the rung is
 * @param on who goes on, the best first
 * @param out who was cancelled, the best first
 */
record Judgement(int epoch, List<Score> on, List<Score> out) {}
