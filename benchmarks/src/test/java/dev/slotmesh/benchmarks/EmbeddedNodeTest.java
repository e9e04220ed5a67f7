package dev.slotmesh.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EmbeddedNodeTest {
    private static final int KEYS = 500;

    @Test
    void shouldAnswerEveryGetOfABatchWithItsValue() {
        try (EmbeddedNode node = new EmbeddedNode(KEYS);
                RequestBatches gets = RequestBatches.randomKeys("GET", KEYS)) {
            long replyBytes = node.execute(gets);

            assertThat(replyBytes)
                    .isEqualTo(RequestBatches.PIPELINE * "$64\r\n\r\n".length()
                            + RequestBatches.PIPELINE * 64L);
            assertThat(node.firstReplyByte()).isEqualTo((byte) '$');
        }
    }

    @Test
    void shouldAnswerEverySetOfABatchWithOk() {
        try (EmbeddedNode node = new EmbeddedNode(KEYS);
                RequestBatches sets = RequestBatches.randomKeys("SET", KEYS)) {
            long replyBytes = node.execute(sets);

            assertThat(replyBytes).isEqualTo(RequestBatches.PIPELINE * "+OK\r\n".length());
            assertThat(node.firstReplyByte()).isEqualTo((byte) '+');
        }
    }
}
