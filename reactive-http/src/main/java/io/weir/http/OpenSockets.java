package io.weir.http;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.scheduler.Schedulers;

/**
 * Counts the sockets of all pools together, which the pools, one for each host, cannot: thousands of hosts would leave
 * thousands of idle sockets open.
 *
 * <p>Bound: there are never more idle sockets than the limit leaves beside those in use. A new socket that comes within a sixteenth of the
 * limit closes the one that has been idle longest, as closing takes a moment in which both are open; so the sum is at most the larger of the limit and the fetches in
 * flight, unless more than that sixteenth are being closed at once. An idle socket is closed when its time is up, by one timer for all that runs only
 * while there are any.
 *
 * <p>State is guarded by {@code this}; nothing foreign is called with it held. A socket chosen to be closed may be taken by
 * a request meanwhile: the socket's own loop decides, see {@link Socket#closeIfIdle()}.
 */
final class OpenSockets {
    private final int full;
    private final long idleNanos;
    private final Consumer<String> hostEmpty;
    private final Map<String, Integer> byHost = new HashMap<>();
    /** Longest idle first. */
    private final LinkedHashMap<Socket, Long> idle = new LinkedHashMap<>();

    private int open;
    private @Nullable Disposable sweep;
    private boolean closed;

    /** @param hostEmpty told when the last socket of a host has closed */
    OpenSockets(int max, Duration idleTime, Consumer<String> hostEmpty) {
        this.full = max - max / 16;
        this.idleNanos = idleTime.toNanos();
        this.hostEmpty = hostEmpty;
    }

    void opened(String host) {
        List<Socket> surplus = new ArrayList<>(1);
        synchronized (this) {
            open++;
            byHost.merge(host, 1, Integer::sum);
            Iterator<Socket> longest = idle.keySet().iterator();
            for (int over = open - full; over > 0 && longest.hasNext(); over--) {
                surplus.add(longest.next());
                longest.remove();
            }
        }
        surplus.forEach(Socket::closeIfIdle);
    }

    void closed(String host, Socket socket) {
        boolean empty;
        synchronized (this) {
            open--;
            idle.remove(socket);
            empty = byHost.merge(host, -1, (known, less) -> known + less == 0 ? null : known + less) == null;
        }
        if (empty) {
            hostEmpty.accept(host);
        }
    }

    synchronized void busy(Socket socket) {
        idle.remove(socket);
    }

    void idle(Socket socket) {
        synchronized (this) {
            if (!closed) {
                idle.put(socket, System.nanoTime());
                schedule(idleNanos);
                return;
            }
        }
        socket.closeIfIdle();
    }

    synchronized int open() {
        return open;
    }

    synchronized int idle() {
        return idle.size();
    }

    synchronized boolean hasNone(String host) {
        return !byHost.containsKey(host);
    }

    /** Closes the sockets that nobody uses, of which a pool may have forgotten some, and from now on each that becomes idle. */
    void close() {
        List<Socket> unused;
        synchronized (this) {
            closed = true;
            unused = new ArrayList<>(idle.keySet());
            idle.clear();
            if (sweep != null) {
                sweep.dispose();
            }
        }
        unused.forEach(Socket::closeIfIdle);
    }

    private synchronized void schedule(long nanos) {
        if (sweep == null && !closed) {
            sweep = Schedulers.parallel().schedule(this::sweep, nanos, TimeUnit.NANOSECONDS);
        }
    }

    private void sweep() {
        List<Socket> due = new ArrayList<>();
        synchronized (this) {
            sweep = null;
            long now = System.nanoTime();
            Iterator<Map.Entry<Socket, Long>> longest = idle.entrySet().iterator();
            while (longest.hasNext()) {
                Map.Entry<Socket, Long> next = longest.next();
                long left = idleNanos - (now - next.getValue());
                if (left > 0) {
                    // Not sooner than is worth a look: sockets that are due together go together.
                    schedule(Math.max(left, idleNanos / 8));
                    break;
                }
                due.add(next.getKey());
                longest.remove();
            }
        }
        due.forEach(Socket::closeIfIdle);
    }

    /** An open connection. */
    interface Socket {
        /** May be called on any thread; on the loop, where requests start, it is certain whether one has. */
        void closeIfIdle();
    }
}
