package io.weir.demos.web;

import java.net.URI;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the web was really asked for, to hold a crawler's report against. Counts from the start of the web; may be read from any
 * thread at any time.
 *
 * <p>An answer is counted before its first byte is sent: whoever has received it finds it here. A request is in flight
 * from when the server has read its head until the last byte of the answer is with the operating system. The one thread that
 * serves takes it off the count before it reads anything else, so a client that keeps to a limit is never seen above it,
 * except when it gives up a request: the server learns of that a little later.
 */
public final class Served {
    /** A broken client can invent URLs without end. */
    private static final int MAX_UNPLANNED = 10_000;

    private final Map<String, Tally> planned = new LinkedHashMap<>();
    private final Set<String> unplanned = new LinkedHashSet<>();
    private final Map<String, InFlight> inFlightByHost = new TreeMap<>();
    private final InFlight inFlight = new InFlight();
    private long requests;
    private long bytes;

    Served() {}

    /** {@return the number of requests to any URL, robots.txt and unplanned ones included} */
    public synchronized long requests() {
        return requests;
    }

    /** {@return the bytes of all bodies, headers not counted} */
    public synchronized long bytes() {
        return bytes;
    }

    /**
     * {@return what this URL was asked for; nothing but zeros if it never was}
     *
     * @param uri the URL in full, without a fragment
     */
    public synchronized ServedUrl of(URI uri) {
        Tally tally = planned.get(uri.toString());
        return tally == null ? ServedUrl.NEVER : tally.snapshot();
    }

    /** {@return every URL of the web that was asked for, in the order of the first requests} */
    public synchronized Map<URI, ServedUrl> urls() {
        Map<URI, ServedUrl> urls = new LinkedHashMap<>();
        planned.forEach((url, tally) -> urls.put(URI.create(url), tally.snapshot()));
        return urls;
    }

    /**
     * {@return how many requests there were to any of these}
     *
     * @param uris URLs in full, without fragments
     */
    public synchronized long requestsTo(Collection<URI> uris) {
        return uris.stream().mapToLong(uri -> of(uri).requests()).sum();
    }

    /**
     * {@return the URLs that were asked for but are no part of the web} Some crawler made them up. At most 10 000 are kept.
     */
    public synchronized Set<String> unplanned() {
        return new LinkedHashSet<>(unplanned);
    }

    /** {@return the most requests there ever were in flight at once} */
    public synchronized int maxInFlight() {
        return inFlight.max;
    }

    /** {@return the most requests there ever were in flight at once to each host, by the name and port it was asked for} */
    public synchronized Map<String, Integer> maxInFlightByHost() {
        Map<String, Integer> max = new LinkedHashMap<>();
        inFlightByHost.forEach((host, counter) -> max.put(host, counter.max));
        return max;
    }

    /** {@return the requests in flight now} */
    public synchronized int inFlight() {
        return inFlight.now;
    }

    /** A request for a page of the web has come. */
    synchronized Request begin(String host, String url) {
        Tally tally = planned.computeIfAbsent(url, u -> new Tally());
        tally.requests++;
        return begin(host, tally);
    }

    /** A request for something else has come. */
    synchronized Request beginUnplanned(String host, String url) {
        if (unplanned.size() < MAX_UNPLANNED) {
            unplanned.add(url);
        }
        return begin(host, new Tally());
    }

    private Request begin(String host, Tally tally) {
        requests++;
        InFlight ofHost = inFlightByHost.computeIfAbsent(host, h -> new InFlight());
        inFlight.add();
        ofHost.add();
        return new Request(tally, ofHost, tally.requests);
    }

    private static final class InFlight {
        int now;
        int max;

        void add() {
            now++;
            max = Math.max(max, now);
        }
    }

    private static final class Tally {
        final Map<Integer, Integer> statuses = new HashMap<>();
        int requests;
        int dropped;
        long bytes;

        ServedUrl snapshot() {
            return new ServedUrl(requests, Map.copyOf(statuses), dropped, bytes);
        }
    }

    /** One request, from its arrival to its end. */
    final class Request {
        private final Tally tally;
        private final InFlight ofHost;
        private final int number;
        private boolean ended;

        private Request(Tally tally, InFlight ofHost, int number) {
            this.tally = tally;
            this.ofHost = ofHost;
            this.number = number;
        }

        /** 1 for the first request that its URL ever had. */
        int number() {
            return number;
        }

        void answered(int status, int length) {
            synchronized (Served.this) {
                tally.statuses.merge(status, 1, Integer::sum);
                count(length);
            }
        }

        void dropped(int length) {
            synchronized (Served.this) {
                tally.dropped++;
                count(length);
            }
        }

        /** The first call counts. */
        void end() {
            synchronized (Served.this) {
                if (!ended) {
                    ended = true;
                    inFlight.now--;
                    ofHost.now--;
                }
            }
        }

        private void count(int length) {
            tally.bytes += length;
            bytes += length;
        }
    }
}
