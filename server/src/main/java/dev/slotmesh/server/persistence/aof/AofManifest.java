package dev.slotmesh.server.persistence.aof;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;

/**
 * Which files the data set is made of: at most one base, then increments in their order. History files are of no use any
 * more. Immutable.
 *
 * @param baseSeq number of the last base ever made, 0 before the first
 * @param incrementSeq number of the last increment ever made, 0 before the first
 */
record AofManifest(
        Optional<AofFile> base,
        List<AofFile> history,
        List<AofFile> increments,
        long baseSeq,
        long incrementSeq) {
    /** Of a directory in which nothing was written yet. */
    static final AofManifest EMPTY = of(Optional.empty(), List.of(), List.of());

    AofManifest {
        history = List.copyOf(history);
        increments = List.copyOf(increments);
    }

    static AofManifest of(Optional<AofFile> base, List<AofFile> history, List<AofFile> increments) {
        return new AofManifest(
                base,
                history,
                increments,
                base.map(AofFile::seq).orElse(0L),
                increments.isEmpty() ? 0 : increments.get(increments.size() - 1).seq());
    }

    /** The text of the file: base, history, increments. */
    String text() {
        StringBuilder text = new StringBuilder();
        base.ifPresent(file -> text.append(file.line()));
        history.forEach(file -> text.append(file.line()));
        increments.forEach(file -> text.append(file.line()));
        return text.toString();
    }

    /** Whether it names nothing to load. */
    boolean isEmpty() {
        return base.isEmpty() && increments.isEmpty();
    }

    /** The files to load, in their order. */
    List<AofFile> parts() {
        List<AofFile> parts = new ArrayList<>();
        base.ifPresent(parts::add);
        parts.addAll(increments);
        return parts;
    }

    /** The increment that is written to. */
    Optional<AofFile> lastIncrement() {
        return increments.isEmpty()
                ? Optional.empty()
                : Optional.of(increments.get(increments.size() - 1));
    }

    /** The base that {@link #withBase} would take, which no file has been made for yet. */
    AofFile nextBase(String fileName, boolean rdb) {
        return next(
                baseSeq,
                seq -> fileName + "." + seq + ".base." + (rdb ? "rdb" : "aof"),
                AofFile.Kind.BASE);
    }

    /** The increment that {@link #withIncrement} would take. */
    AofFile nextIncrement(String fileName) {
        return next(
                incrementSeq, seq -> fileName + "." + seq + ".incr.aof", AofFile.Kind.INCREMENT);
    }

    /** A manifest that was read knows the numbers of history only by its names, which must not be used again: they are deleted. */
    private AofFile next(long lastSeq, LongFunction<String> naming, AofFile.Kind kind) {
        long seq = lastSeq + 1;
        while (isHistory(naming.apply(seq))) {
            seq++;
        }
        return new AofFile(naming.apply(seq), seq, kind);
    }

    private boolean isHistory(String name) {
        return history.stream().anyMatch(file -> file.name().equals(name));
    }

    /** With another base; the one before becomes history. */
    AofManifest withBase(AofFile next) {
        List<AofFile> gone = new ArrayList<>(history);
        base.ifPresent(file -> gone.add(0, file.asHistory()));
        return new AofManifest(Optional.of(next), gone, increments, next.seq(), incrementSeq);
    }

    /** With one more increment. */
    AofManifest withIncrement(AofFile next) {
        List<AofFile> more = new ArrayList<>(increments);
        more.add(next);
        return new AofManifest(base, history, more, baseSeq, next.seq());
    }

    /** A new base holds all of the increments but the newest ones, so many of them, which stay. */
    AofManifest keepingLast(int kept) {
        List<AofFile> gone = new ArrayList<>(history);
        int first = Math.max(0, increments.size() - kept);
        increments.subList(0, first).forEach(file -> gone.add(0, file.asHistory()));
        List<AofFile> left = increments.subList(first, increments.size());
        return new AofManifest(base, gone, left, baseSeq, incrementSeq);
    }

    /** Without history whose files are deleted. */
    AofManifest withoutHistory(List<AofFile> deleted) {
        List<AofFile> left =
                history.stream().filter(file -> !deleted.contains(file)).toList();
        return new AofManifest(base, left, increments, baseSeq, incrementSeq);
    }
}
