package io.weir.demos.page;

import io.weir.files.FileTree;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A headless Chromium with one tab as large as a phone, steered over its debugging WebSocket. */
public final class Browser implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 30;
    private static final Pattern ERROR =
            Pattern.compile("\"(Log.entryAdded|Runtime.consoleAPICalled)\".*\"(level|type)\":\"error\"");

    private final Path profile;
    private final Process process;
    private final AtomicInteger ids = new AtomicInteger();
    private final Map<Integer, CompletableFuture<String>> answers = new ConcurrentHashMap<>();
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private final WebSocket tab;

    /** Whether there is a Chromium on the PATH: for {@code @EnabledIf}. */
    public static boolean isThere() {
        try {
            Process version = new ProcessBuilder("chromium", "--version").start();
            return version.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) && version.exitValue() == 0;
        } catch (IOException absent) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    public Browser() throws Exception {
        profile = Files.createTempDirectory("weir-chromium");
        process = new ProcessBuilder(
                        "chromium",
                        "--headless=new",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        String listening = found(process.errorReader(), Pattern.compile("DevTools listening on ws://([^/]+)/"));
        Thread drain = new Thread(() -> process.errorReader().lines().forEach(line -> {}), "chromium-stderr");
        drain.setDaemon(true);
        drain.start();
        HttpClient http = HttpClient.newHttpClient();
        String created = http.send(
                        HttpRequest.newBuilder(URI.create("http://" + listening + "/json/new?about:blank"))
                                .PUT(HttpRequest.BodyPublishers.noBody())
                                .build(),
                        BodyHandlers.ofString())
                .body();
        String url = group(created, "\"webSocketDebuggerUrl\": *\"([^\"]+)\"");
        tab = http.newWebSocketBuilder()
                .buildAsync(URI.create(url), new Messages())
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        call("Runtime.enable", "");
        call("Log.enable", "");
        call("Page.enable", "");
        call("Emulation.setDeviceMetricsOverride", "'width':360,'height':740,'deviceScaleFactor':2,'mobile':true");
    }

    public void open(String url) {
        call("Page.navigate", "'url':'" + url + "'");
        await("document.readyState === 'complete' && location.href.startsWith('" + url + "')");
    }

    /** What an expression of JavaScript gives: a string without quotes in it, or a promise of one. */
    public String evaluate(String expression) {
        String code = expression.replace("\\", "\\\\").replace("\"", "\\\"").replace("'", "\\u0027");
        return group(
                call("Runtime.evaluate", "'awaitPromise':true,'returnByValue':true,'expression':'" + code + "'"),
                "\"value\":\"([^\"]*)\"");
    }

    /** Waits until an expression is true. */
    public void await(String expression) {
        evaluate("new Promise(done => { const look = () => (" + expression
                + ") ? done('true') : setTimeout(look, 20); look(); })");
    }

    /** Types into the element that has the focus, and presses Enter. */
    public void type(String text) {
        call("Input.insertText", "'text':'" + text + "'");
        for (String kind : List.of("keyDown", "keyUp")) {
            call(
                    "Input.dispatchKeyEvent",
                    "'type':'" + kind + "','key':'Enter','windowsVirtualKeyCode':13,'text':'\\r'");
        }
    }

    public void dark() {
        call("Emulation.setEmulatedMedia", "'features':[{'name':'prefers-color-scheme','value':'dark'}]");
    }

    /** Errors of the console, and exceptions. */
    public List<String> complaints() {
        return complaints;
    }

    /** Keeps a picture for people to look at, where {@code -Dweir.screenshots=FOLDER} asks for it. */
    public void picture(String name) throws IOException {
        String folder = System.getProperty("weir.screenshots");
        if (folder != null) {
            String png = group(call("Page.captureScreenshot", ""), "\"data\":\"([^\"]+)\"");
            Files.write(Path.of(folder, name + ".png"), Base64.getDecoder().decode(png));
        }
    }

    @Override
    public void close() {
        tab.abort();
        process.destroy();
        process.onExit().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
        FileTree.delete(profile).retry(3).block();
    }

    private String call(String method, String parameters) {
        int id = ids.incrementAndGet();
        CompletableFuture<String> answer = new CompletableFuture<>();
        answers.put(id, answer);
        String message = "{'id':%d,'method':'%s','params':{%s}}".formatted(id, method, parameters);
        tab.sendText(message.replace('\'', '"'), true);
        try {
            return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(message + " was not answered; complaints: " + complaints, e);
        }
    }

    private static String found(BufferedReader lines, Pattern pattern) throws IOException {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            Matcher matcher = pattern.matcher(line);
            if (matcher.find()) {
                return matcher.group(1);
            }
        }
        throw new IOException("Chromium did not say where it listens");
    }

    private static String group(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        if (!matcher.find()) {
            throw new IllegalStateException("no " + pattern + " in " + text);
        }
        return matcher.group(1);
    }

    private final class Messages implements WebSocket.Listener {
        private final StringBuilder message = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
            message.append(part);
            if (last) {
                take(message.toString());
                message.setLength(0);
            }
            socket.request(1);
            return null;
        }

        private void take(String text) {
            if (text.startsWith("{\"id\":")) {
                answers.remove(Integer.parseInt(group(text, "\\{\"id\":(\\d+)")))
                        .complete(text);
            } else if (text.contains("\"Runtime.exceptionThrown\"")
                    || ERROR.matcher(text).find()) {
                complaints.add(text);
            }
        }
    }
}
