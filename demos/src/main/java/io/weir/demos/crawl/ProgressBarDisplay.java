package io.weir.demos.crawl;

import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A bar on the terminal. A class of its own, so that the library that draws is loaded only where there is one. */
final class ProgressBarDisplay extends Progress {

    private final Crawl crawl;
    private final ProgressBar bar;

    ProgressBarDisplay(Crawl crawl) {
        this.crawl = crawl;
        bar = new ProgressBarBuilder()
                .setTaskName("crawl")
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(100)
                .hideEta()
                .build();
    }

    @Override
    void show() {
        bar.maxHint(crawl.index.size());
        bar.stepTo(crawl.statistics.done());
        bar.setExtraMessage(details(crawl));
    }

    @Override
    void close() {
        show();
        bar.close();
    }
}
