package dev.slotmesh.server.reshard;

import java.util.Map;

/**
 * What both tools are told.
 *
 * @param isDryRun only shows what would be moved
 * @param isAgreed asks nobody
 */
record CommonOptions(
        Address seed,
        Credentials credentials,
        KeySettings keys,
        boolean isDryRun,
        boolean isAgreed) {
    private static final int MOST_KEYS = 10_000;
    private static final int LONGEST_TIMEOUT_MS = 86_400_000;

    static final String USAGE = """
              --dry-run         only shows what would be moved
              --yes             does not ask
              --user NAME, --password PASSWORD
                                authenticates at every node, and MIGRATE at its target; instead of
                                --password the environment may have REDISCLI_AUTH
              --key-by-key      moves keys one by one even between nodes that can hand over whole slots
            Where keys are moved one by one:
              --pipeline N      most keys in one MIGRATE, 1 to 10000 (default 100)
              --timeout MS      how long a node may wait for another (default 60000)
              --replace         overwrites keys that the target has already

            Ctrl-C ends it in good order, with no slot half-way; twice, at once.
            Exit code: 0 done, 1 failed or stopped, 2 the command line cannot be meant.
            """;

    /** Options while they are read. */
    static final class Draft {
        private Address seed;
        private String user = "";
        private String password;
        private int keysAtOnce = 100;
        private int timeoutMs = 60_000;
        private boolean replace;
        private boolean keysAlways;
        private boolean isDryRun;
        private boolean isAgreed;

        Draft(Map<String, String> environment) {
            password = environment.getOrDefault("REDISCLI_AUTH", "");
        }

        /**
         * Takes one of these options, or the seed.
         *
         * @throws ReshardFailure of usage
         */
        void take(String word, Arguments arguments) throws ReshardFailure {
            switch (word) {
                case "--user" -> user = arguments.valueOf(word);
                case "--password" -> password = arguments.valueOf(word);
                case "--pipeline" -> keysAtOnce = arguments.numberOf(word, 1, MOST_KEYS);
                case "--timeout" -> timeoutMs = arguments.numberOf(word, 1, LONGEST_TIMEOUT_MS);
                case "--replace" -> replace = true;
                case "--key-by-key" -> keysAlways = true;
                case "--dry-run" -> isDryRun = true;
                case "--yes" -> isAgreed = true;
                default -> takeSeed(word);
            }
        }

        private void takeSeed(String word) throws ReshardFailure {
            if (word.startsWith("--")) {
                throw ReshardFailure.ofUsage("no option " + word);
            }
            if (seed != null) {
                throw ReshardFailure.ofUsage("one HOST:PORT is enough: '" + word + "'");
            }
            seed = Address.parse(word);
        }

        CommonOptions options() throws ReshardFailure {
            if (seed == null) {
                throw ReshardFailure.ofUsage("HOST:PORT of any node of the cluster is missing");
            }
            if (!user.isEmpty() && password.isEmpty()) {
                throw ReshardFailure.ofUsage("--user needs --password or REDISCLI_AUTH");
            }
            return new CommonOptions(
                    seed,
                    new Credentials(user, password),
                    new KeySettings(keysAtOnce, timeoutMs, replace, keysAlways),
                    isDryRun,
                    isAgreed);
        }
    }
}
