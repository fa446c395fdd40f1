package io.weir.demos.service;

import java.time.Duration;

/**
 * What a service takes on.
 *
 * @param threads how many reports are made at once
 * @param queue how many more may wait
 * @param requests how many requests may be in flight
 * @param deadline how long a request may take, its wait included
 * @param grace how long requests in flight may go on when the service stops
 */
public record ServiceLimits(int threads, int queue, int requests, Duration deadline, Duration grace) {}
