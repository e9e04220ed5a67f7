package dev.slotmesh.server.config;

import dev.slotmesh.server.config.Directive.Trait;

import java.util.List;

/** Passwords, users and guarded commands. */
public final class SecurityDirectives {
    private static final DirectiveTable TABLE = new DirectiveTable();

    public static final Directive<String> REQUIREPASS =
            TABLE.text("requirepass", "", Trait.SENSITIVE);

    public static final Directive<String> ACLFILE = TABLE.text("aclfile", "", Trait.IMMUTABLE);

    public static final Directive<Long> ACLLOG_MAX_LEN =
            TABLE.integer("acllog-max-len", 0, Long.MAX_VALUE, 128, Trait.WITHOUT_MEANING);

    public static final Directive<String> ACL_PUBSUB_DEFAULT = TABLE.word(
            "acl-pubsub-default",
            List.of("allchannels", "resetchannels"),
            "resetchannels",
            Trait.WITHOUT_MEANING);

    public static final Directive<GuardedAccess> ENABLE_PROTECTED_CONFIGS =
            TABLE.choice("enable-protected-configs", GuardedAccess.NO, Trait.IMMUTABLE);

    public static final Directive<GuardedAccess> ENABLE_DEBUG_COMMAND =
            TABLE.choice("enable-debug-command", GuardedAccess.NO, Trait.IMMUTABLE);

    public static final Directive<GuardedAccess> ENABLE_MODULE_COMMAND = TABLE.choice(
            "enable-module-command", GuardedAccess.NO, Trait.IMMUTABLE, Trait.WITHOUT_MEANING);

    private SecurityDirectives() {}

    static List<Directive<?>> declared() {
        return TABLE.declared();
    }
}
