package dev.slotmesh.server.commands.geo;

/** The commands that search an area: where their words are, and which they take. */
enum GeoForm {
    RADIUS(6, true),
    RADIUS_READ_ONLY(6, false),
    RADIUS_BY_MEMBER(5, true),
    RADIUS_BY_MEMBER_READ_ONLY(5, false),
    SEARCH(2, false),
    SEARCH_STORE(3, false);

    private final int firstOption;
    private final boolean takesStore;

    GeoForm(int firstOption, boolean takesStore) {
        this.firstOption = firstOption;
        this.takesStore = takesStore;
    }

    /** The argument that the options begin with. */
    int firstOption() {
        return firstOption;
    }

    /** Whether STORE and STOREDIST name a key. */
    boolean takesStore() {
        return takesStore;
    }

    /** Whether centre and shape are options. */
    boolean isSearch() {
        return this == SEARCH || this == SEARCH_STORE;
    }

    boolean isByMember() {
        return this == RADIUS_BY_MEMBER || this == RADIUS_BY_MEMBER_READ_ONLY;
    }

    /** The argument of the key that is searched. */
    int source() {
        return this == SEARCH_STORE ? 2 : 1;
    }
}
