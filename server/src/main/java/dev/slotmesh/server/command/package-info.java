/**
 * The command table: what each command is called, how many arguments it takes, how it behaves, where its keys stand,
 * and how the COMMAND family answers from that.
 *
 * <p>The facts live in text resources beside this package, one file per command group; {@link
 * dev.slotmesh.server.command.CommandDescriptions} reads them and explains their form. A {@link
 * dev.slotmesh.server.command.CommandTable} holds the described commands that a handler is bound to, and no others: a
 * command that is in the table works.
 *
 * <p>What must not live here: the work of any command but the COMMAND family, sessions, channels, and the decision
 * whether a client may run a command.
 */
package dev.slotmesh.server.command;
