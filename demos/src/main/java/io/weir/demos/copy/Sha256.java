package io.weir.demos.copy;

import io.netty.buffer.ByteBuf;
import io.weir.files.AsyncFiles;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import reactor.core.publisher.Mono;

/** The SHA-256 of a file, computed chunk by chunk on the worker that read it: of whatever size, it takes one buffer. */
final class Sha256 {
    private Sha256() {}

    /** Emits it as hexadecimal digits. */
    static Mono<String> of(Path file) {
        return AsyncFiles.read(file)
                .reduceWith(Sha256::digest, Sha256::added)
                .map(digest -> HexFormat.of().formatHex(digest.digest()));
    }

    private static MessageDigest added(MessageDigest digest, ByteBuf chunk) {
        try {
            digest.update(chunk.nioBuffer());
            return digest;
        } finally {
            chunk.release();
        }
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
