package io.weir.http;

/**
 * What a client holds at a moment. The numbers are read one after the other, so under load they may not agree exactly.
 *
 * @param inFlight fetches that hold their permits
 * @param waiting fetches that wait at the gate
 * @param hosts hosts that have a fetch in flight or waiting
 * @param openSockets connections open or being opened, idle ones included
 * @param idleSockets connections that are kept for a next request
 */
public record FetchStats(int inFlight, int waiting, int hosts, int openSockets, int idleSockets) {}
