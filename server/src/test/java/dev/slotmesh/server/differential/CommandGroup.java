package dev.slotmesh.server.differential;

import java.util.List;

/** A source of random command lines of one group of commands. */
interface CommandGroup {

    /**
     * The next lines, mostly one; several where a reply can only be compared after something else.
     *
     * @param words the only source of randomness
     */
    List<Line> next(Words words);
}
