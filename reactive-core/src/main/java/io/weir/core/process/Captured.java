package io.weir.core.process;

import java.util.ArrayList;
import java.util.List;

/** All of a stream, up to the limit. */
final class Captured {
    private final Command command;
    private final String stream;
    private final List<byte[]> chunks = new ArrayList<>();
    private int size;

    Captured(Command command, String stream) {
        this.command = command;
        this.stream = stream;
    }

    void add(byte[] chunk) {
        if (chunk.length > command.outputLimit() - size) {
            throw new ProcessOutputLimitException(command, stream, command.outputLimit());
        }
        chunks.add(chunk);
        size += chunk.length;
    }

    byte[] bytes() {
        byte[] all = new byte[size];
        int at = 0;
        for (byte[] chunk : chunks) {
            System.arraycopy(chunk, 0, all, at, chunk.length);
            at += chunk.length;
        }
        return all;
    }
}
