package io.weir.demos.service;

import io.weir.core.offload.OffloadRejectedException;
import io.weir.core.task.DeadlineExceededException;
import io.weir.core.task.TaskCancelledException;
import io.weir.core.task.TaskRejectedException;
import java.util.Map;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerResponse;
import tools.jackson.databind.json.JsonMapper;

/** A status and what is sent as JSON with it: also what each kind of failure is to the client. */
record Reply(int status, Object body) {
    private static final JsonMapper JSON = new JsonMapper();

    static Reply of(Throwable error) {
        if (error instanceof OffloadRejectedException || error instanceof TaskRejectedException) {
            return error(503, "busy");
        }
        if (error instanceof TaskCancelledException) {
            return error(503, "stopping");
        }
        if (error instanceof DeadlineExceededException) {
            return error(504, String.valueOf(error.getMessage()));
        }
        return error instanceof NumberFormatException ? error(400, "that is no number") : error(500, error.toString());
    }

    private static Reply error(int status, String why) {
        return new Reply(status, Map.of("error", why));
    }

    Mono<Void> send(HttpServerResponse response) {
        if (status == 503) {
            response.header("Retry-After", "1");
        }
        return response.status(status)
                .header("Content-Type", "application/json")
                .sendByteArray(Mono.fromSupplier(() -> JSON.writeValueAsBytes(body)))
                .then();
    }
}
