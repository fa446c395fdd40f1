package io.weir.core.task;

import java.util.Iterator;
import java.util.List;

/** Draws task nodes as lines. */
final class TreeText {
    private final StringBuilder out = new StringBuilder();

    private TreeText() {}

    static String of(List<TaskNode> roots) {
        TreeText text = new TreeText();
        int tasks = roots.stream().mapToInt(TaskNode::tasks).sum();
        text.out
                .append(tasks)
                .append(tasks == 1 ? " task in " : " tasks in ")
                .append(roots.size())
                .append(roots.size() == 1 ? " group" : " groups")
                .append('\n');
        roots.forEach(root -> text.draw(root, "", ""));
        return text.out.toString();
    }

    private void draw(TaskNode node, String first, String rest) {
        out.append(first);
        if (node.kind() == TaskNode.Kind.GROUP) {
            out.append("group ");
        }
        out.append(node.name()).append(' ').append(node.state()).append(' ').append(Deadline.told(node.age()));
        node.progress().ifPresent(progress -> {
            out.append(' ').append(progress.done());
            if (progress.total() >= 0) {
                out.append('/').append(progress.total());
            }
        });
        if (!node.waitingOn().isEmpty()) {
            out.append(" <- ").append(String.join(", ", node.waitingOn()));
        }
        node.origin().ifPresent(origin -> out.append(" at ").append(origin));
        out.append('\n');
        Iterator<TaskNode> children = node.children().iterator();
        while (children.hasNext()) {
            TaskNode child = children.next();
            boolean more = children.hasNext() || node.omitted() > 0;
            draw(child, rest + (more ? "├── " : "└── "), rest + (more ? "│   " : "    "));
        }
        if (node.omitted() > 0) {
            out.append(rest).append("└── and ").append(node.omitted()).append(" more\n");
        }
    }
}
