/**
 * What an operator sets: the directives of {@code redis.conf} with their types, ranges and texts, the parsing of files and
 * command lines, and the values in force, with CONFIG GET, SET and REWRITE as plain functions.
 *
 * <p>Knows nothing of channels, replies or commands: results are values that the command layer turns into replies. Texts are
 * bytes, one per character (ISO-8859-1), because passwords and paths need not be UTF-8.
 */
package dev.slotmesh.server.config;
