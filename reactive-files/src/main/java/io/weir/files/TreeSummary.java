package io.weir.files;

/**
 * What was copied.
 *
 * @param files how many files
 * @param folders how many folders, the root included
 * @param links how many symbolic links
 * @param bytes what was in the files
 * @param failures how many files, folders and links were skipped
 */
public record TreeSummary(long files, long folders, long links, long bytes, long failures) {}
