package io.weir.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;

/** Where the bytes of a write go. Opened, written to, and then either completed and published, or aborted. */
interface Target {

    FileChannel channel();

    /** How many bytes may be written to the channel before it is to be forced to the device. */
    long unforcedAtMost();

    /** All has been written: closes the channel, as safely as this kind of write promises. */
    void complete() throws IOException;

    /** Lets the world see what was completed. */
    void publish() throws IOException;

    /** Closes the channel, and removes what is not to stay. To be called after a failure of any of the others too. */
    void abort() throws IOException;

    static Target open(Path path, WriteOptions options) throws IOException {
        return options.mode() == WriteOptions.Mode.REPLACE_ATOMICALLY
                ? AtomicTarget.open(path, options)
                : PlainTarget.open(path, options);
    }

    static void createFolders(Path folder) throws IOException {
        try {
            Files.createDirectories(folder);
        } catch (FileAlreadyExistsException e) {
            FileSystemException failure = new FileSystemException(
                    folder.toString(), null, "a file is where a folder is needed: " + e.getFile());
            failure.initCause(e);
            throw failure;
        }
    }

    /** Makes the name of a file that is there outlast a crash; of a link, that of the file it points to. */
    static void forceEntry(Path file) throws IOException {
        Path folder = file.toRealPath().getParent();
        if (folder != null) {
            forceFolder(folder);
        }
    }

    /** Makes the names in a folder outlast a crash, where the system lets one open it. */
    static void forceFolder(Path folder) throws IOException {
        FileChannel entries;
        try {
            entries = FileChannel.open(folder, StandardOpenOption.READ);
        } catch (AccessDeniedException e) {
            return; // not every platform, nor every folder, lets itself be opened
        }
        try (entries) {
            entries.force(true);
        }
    }

    /** Gives a file or folder that stands for an older one the owner, as far as this process may, and the permissions of that. */
    static void takeOver(PosixFileAttributes old, PosixFileAttributeView view) throws IOException {
        PosixFileAttributes ours = view.readAttributes();
        try {
            if (!old.owner().equals(ours.owner())) {
                view.setOwner(old.owner());
            }
            if (!old.group().equals(ours.group())) {
                view.setGroup(old.group());
            }
        } catch (IOException e) {
            // Only a privileged process can give a file away; the new one is then ours, as with any rename and cp -p.
        }
        view.setPermissions(old.permissions());
    }
}
