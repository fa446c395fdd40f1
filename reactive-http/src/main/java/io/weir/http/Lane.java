package io.weir.http;

import io.netty.channel.ChannelHandlerContext;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** What an attempt's request and response go over: a connection of HTTP/1.1, a stream of HTTP/2, or a socket on its way to either. */
interface Lane {
    /** Where it stands in its pipeline; null before it does. */
    @Nullable
    ChannelHandlerContext context();

    /** On the loop: closes the lane unless it has gone on to another request. */
    void closeFor(Attempt aborted);

    /** Runs on the connection's loop: at once where this is it. */
    default void execute(Runnable task) {
        ChannelHandlerContext open = context();
        if (open == null || open.executor().inEventLoop()) {
            task.run();
        } else {
            later(task);
        }
    }

    /** Runs on the connection's loop, after what runs there now; at once where the loop, and so the socket, is gone. */
    default void later(Runnable task) {
        ChannelHandlerContext open = context();
        try {
            if (open != null) {
                open.executor().execute(task);
                return;
            }
        } catch (RejectedExecutionException e) {
            // As said.
        }
        task.run();
    }

    default void close() {
        ChannelHandlerContext open = context();
        if (open != null) {
            open.close();
        }
    }
}
