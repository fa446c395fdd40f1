package io.weir.http;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.github.luben.zstd.util.Native;
import io.weir.core.offload.Offload;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The content codings that can be undone here: gzip, and brotli and zstd where their libraries are there.
 *
 * <p>Which are is known before the first request is sent, as it says so. Their native halves are files to unpack and load, so
 * that is done on a blocking worker, once.
 */
final class Codings {
    private static final boolean BROTLI = isThere("com.aayushatharva.brotli4j.Brotli4jLoader");
    private static final boolean ZSTD = isThere("com.github.luben.zstd.util.Native");
    private static final Mono<String> LOADED =
            Offload.blocking(Codings::load).doOnNext(Codings::loaded).cacheInvalidateIf(accepted -> false);

    private static volatile @Nullable String accepted = BROTLI || ZSTD ? null : "gzip";

    private Codings() {}

    /** The value of {@code Accept-Encoding}; null where that must be found out first, by {@link #loading}. */
    static @Nullable String accepted() {
        return accepted;
    }

    static Mono<String> loading() {
        return LOADED;
    }

    /** The codings of a response's body, in lower case; {@code none} is what some servers say for none. */
    static List<String> of(FetchHeaders headers) {
        if (!headers.contains("Content-Encoding")) {
            return List.of();
        }
        List<String> codings = new ArrayList<>(1);
        for (String line : headers.all("Content-Encoding")) {
            for (String coding : line.split(",")) {
                String name = coding.strip().toLowerCase(Locale.ROOT);
                if (!name.isEmpty() && !name.equals("identity") && !name.equals("none")) {
                    codings.add(name);
                }
            }
        }
        return codings;
    }

    /** A new decoder, or null where the coding is not among the accepted. */
    static @Nullable BodyDecoder decoder(String coding) {
        String known = accepted;
        return switch (coding) {
            case "gzip", "x-gzip" -> new GzipDecoder();
            case "br" -> known != null && known.contains("br") ? new BrotliDecoder() : null;
            case "zstd" -> known != null && known.contains("zstd") ? new ZstdDecoder() : null;
            default -> null;
        };
    }

    private static void loaded(String codings) {
        accepted = codings;
    }

    private static String load() {
        return "gzip" + (BROTLI && Brotli4jLoader.isAvailable() ? ", br" : "") + (ZSTD && hasZstd() ? ", zstd" : "");
    }

    private static boolean hasZstd() {
        try {
            Native.load();
            return Native.isLoaded();
        } catch (LinkageError e) {
            return false;
        }
    }

    private static boolean isThere(String type) {
        try {
            Class.forName(type, false, Codings.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException | LinkageError e) {
            return false;
        }
    }
}
