package io.weir.core.task;

import java.util.List;

/** Writes task nodes as JSON: so little that it needs no library. */
final class TreeJson {
    private final StringBuilder out = new StringBuilder();

    private TreeJson() {}

    static String of(List<TaskNode> roots) {
        TreeJson json = new TreeJson();
        json.nodes(roots);
        return json.out.toString();
    }

    private void nodes(List<TaskNode> nodes) {
        out.append('[');
        for (int i = 0; i < nodes.size(); i++) {
            if (i > 0) {
                out.append(',');
            }
            node(nodes.get(i));
        }
        out.append(']');
    }

    private void node(TaskNode node) {
        out.append("{\"kind\":");
        string(node.kind().name());
        out.append(",\"name\":");
        string(node.name());
        out.append(",\"state\":");
        string(node.state());
        out.append(",\"age\":").append(node.age().toMillis());
        node.progress().ifPresent(progress -> {
            out.append(",\"progress\":{\"done\":").append(progress.done());
            out.append(",\"total\":").append(progress.total()).append('}');
        });
        out.append(",\"waitingOn\":[");
        for (int i = 0; i < node.waitingOn().size(); i++) {
            if (i > 0) {
                out.append(',');
            }
            string(node.waitingOn().get(i));
        }
        out.append(']');
        node.origin().ifPresent(origin -> {
            out.append(",\"origin\":");
            string(origin);
        });
        out.append(",\"children\":");
        nodes(node.children());
        out.append(",\"omitted\":").append(node.omitted()).append('}');
    }

    private void string(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ' || Character.isSurrogate(c)) { // a lone surrogate would not survive the encoding
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
