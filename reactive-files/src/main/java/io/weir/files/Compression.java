package io.weir.files;

import io.netty.buffer.ByteBuf;
import io.weir.core.offload.Offload;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import java.util.zip.Deflater;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/**
 * Compressed streams of buffers, from a file or from anywhere.
 *
 * <pre>{@code
 * Mono<Long> packed = AsyncFiles.write(archive, Compression.gzip(AsyncFiles.read(file)));
 *
 * Mono<Long> unpacked = AsyncFiles.write(copy, AsyncFiles.read(archive).transform(Compression::gunzip));
 * }</pre>
 *
 * <p>What is said here holds for every method. It emits buffers of up to 64 KiB, none of them empty; whoever receives one owns it.
 * The source is subscribed to with the result, and asked for two buffers by the first demand; each that it emits is owned here and
 * released whatever happens. The work is done, and signals arrive, on the workers of {@link Offload#cpuScheduler()}, whoever
 * emits or requests. A cancel cancels the source and is noticed before the next 64 KiB.
 *
 * <p>An error of the source is passed on as it is, after what could be made of the bytes before it. Data that is cut off,
 * malformed, followed by something else, or that grows over a limit fails with {@link DecodeException}, after what came out of it
 * before: only the end tells that all was right. Several members or frames, one after the other, are one stream, as for the tools
 * of both formats. A full worker pool is reported with its own {@link RejectedExecutionException}.
 *
 * <p>zstd needs {@code com.github.luben:zstd-jni} on the class path, which Weir does not bring along. Where it is missing or cannot
 * be loaded, the error is an {@link IllegalStateException} that says so.
 */
public final class Compression {
    private static final int ZSTD_LEVEL = 3;
    private static final int LARGEST_ZSTD_LEVEL = 22;

    private Compression() {}

    /**
     * Compresses as gzip, at the level the library takes for the best compromise.
     *
     * @param source the content; each buffer is released
     * @return one gzip member
     */
    public static Flux<ByteBuf> gzip(Publisher<? extends ByteBuf> source) {
        return CoderFlux.create(
                "gzip", source, () -> new GzipEncoder(Deflater.DEFAULT_COMPRESSION), null, Offload::cpuScheduler);
    }

    /**
     * Compresses as gzip.
     *
     * @param source the content; each buffer is released
     * @param level from 0, stored, over 1, fast, to 9, small
     * @return one gzip member
     */
    public static Flux<ByteBuf> gzip(Publisher<? extends ByteBuf> source, int level) {
        int checked = within(level, Deflater.NO_COMPRESSION, Deflater.BEST_COMPRESSION);
        return CoderFlux.create("gzip", source, () -> new GzipEncoder(checked), null, Offload::cpuScheduler);
    }

    /**
     * Decompresses gzip within {@link DecodeLimits#defaults()}.
     *
     * @param source the compressed data; each buffer is released
     * @return the content
     */
    public static Flux<ByteBuf> gunzip(Publisher<? extends ByteBuf> source) {
        return gunzip(source, DecodeLimits.defaults());
    }

    /**
     * Decompresses gzip.
     *
     * @param source the compressed data; each buffer is released
     * @param limits how much it may grow
     * @return the content
     */
    public static Flux<ByteBuf> gunzip(Publisher<? extends ByteBuf> source, DecodeLimits limits) {
        return CoderFlux.create("gunzip", source, GzipDecoder::new, limits, Offload::cpuScheduler);
    }

    /**
     * Compresses as zstd, at level 3, with a checksum.
     *
     * @param source the content; each buffer is released
     * @return one zstd frame
     */
    public static Flux<ByteBuf> zstd(Publisher<? extends ByteBuf> source) {
        return zstd(source, ZSTD_LEVEL);
    }

    /**
     * Compresses as zstd, with a checksum.
     *
     * @param source the content; each buffer is released
     * @param level from 1, fast, to 22, small
     * @return one zstd frame
     */
    public static Flux<ByteBuf> zstd(Publisher<? extends ByteBuf> source, int level) {
        int checked = within(level, 1, LARGEST_ZSTD_LEVEL);
        return CoderFlux.create("zstd", source, library(() -> new ZstdEncoder(checked)), null, Offload::cpuScheduler);
    }

    /**
     * Decompresses zstd within {@link DecodeLimits#defaults()}.
     *
     * @param source the compressed data; each buffer is released
     * @return the content
     */
    public static Flux<ByteBuf> unzstd(Publisher<? extends ByteBuf> source) {
        return unzstd(source, DecodeLimits.defaults());
    }

    /**
     * Decompresses zstd.
     *
     * @param source the compressed data; each buffer is released
     * @param limits how much it may grow, and how much memory it may take
     * @return the content
     */
    public static Flux<ByteBuf> unzstd(Publisher<? extends ByteBuf> source, DecodeLimits limits) {
        return CoderFlux.create(
                "unzstd", source, library(() -> new ZstdDecoder(limits.maxWindow())), limits, Offload::cpuScheduler);
    }

    /** The library is looked for by the first coder, on a worker: it unpacks a file and loads it. */
    static Supplier<Coder> library(Supplier<Coder> coders) {
        return () -> {
            try {
                return coders.get();
            } catch (LinkageError e) {
                throw new IllegalStateException(
                        "zstd needs the jar com.github.luben:zstd-jni, which is missing or cannot be loaded here", e);
            }
        };
    }

    private static int within(int level, int least, int most) {
        if (level < least || level > most) {
            throw new IllegalArgumentException("the level must be from " + least + " to " + most + ", not " + level);
        }
        return level;
    }
}
