package io.weir.demos.web;

import java.util.Map;

/**
 * What one URL was asked for and what it gave.
 *
 * @param requests how often it was asked for
 * @param statuses how often it answered with each status
 * @param dropped how often it closed the connection in place of an answer, or amid one
 * @param bytes the bytes of all bodies it gave, headers not counted
 */
public record ServedUrl(int requests, Map<Integer, Integer> statuses, int dropped, long bytes) {
    static final ServedUrl NEVER = new ServedUrl(0, Map.of(), 0, 0);
}
