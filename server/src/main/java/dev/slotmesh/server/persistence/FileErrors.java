package dev.slotmesh.server.persistence;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** The system's word for what went wrong with a file, as Redis has it in its log. */
final class FileErrors {
    private FileErrors() {}

    static String text(Throwable failure) {
        Throwable cause = failure;
        boolean wrapped = failure instanceof UncheckedIOException
                || failure instanceof DirectoryIteratorException;
        if (wrapped && failure.getCause() != null) {
            cause = failure.getCause();
        }
        if (cause instanceof NoSuchFileException) {
            return "No such file or directory";
        }
        if (cause instanceof AccessDeniedException) {
            return "Permission denied";
        }
        if (cause instanceof FileSystemException named && named.getReason() != null) {
            return named.getReason();
        }
        return cause instanceof IOException && cause.getMessage() != null
                ? cause.getMessage()
                : cause.toString();
    }
}
