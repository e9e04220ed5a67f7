package dev.slotmesh.server.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.server.Node;
import dev.slotmesh.server.config.Configuration;
import dev.slotmesh.server.log.NodeLog;
import dev.slotmesh.server.oracle.RedisOracle;
import dev.slotmesh.server.oracle.RespConnection;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What each command adds to the changes since the last save, which the rules of {@code save} go by: as much as in Redis. */
@Timeout(60)
final class ChangeCountTest {
    private static final String FIELD = "rdb_changes_since_last_save:";

    /** One command each; '' is an empty argument. */
    private static final List<String> LINES = """
            flushall
            set a 1
            set a 2 nx
            mset b 1 c 2 d 3
            msetnx e 1 f 2
            incr b
            append a xx
            setrange a 5 zz
            setrange n 5 ''
            getset a 1
            getdel a
            getdel a
            getex b ex 100
            getex b persist
            getex b
            setex q 100 v
            del b c nope
            unlink d e f nope
            lpush l a b c d
            lpushx l a b
            lpushx nol a b
            rpop l
            lpop l 2
            lpop nol 2
            linsert l before a x
            lset l 0 zz
            lrem l 0 a
            ltrim l 0 0
            ltrim l 0 -1
            rpush l2 a b c
            lmove l2 l3 left right
            rpoplpush l3 l2
            lmpop 2 nol l2 left count 2
            blpop l2 0
            sadd s a b c d
            sadd s a
            srem s a b x
            spop s 5
            sadd s 1 2 3
            sadd t 2 3 4
            smove s t 1
            smove s t 99
            smove s s 2
            sinterstore u s t
            sunionstore u s t
            sdiffstore u s s
            sadd u 1 2
            spop u 2
            zadd z 1 a 2 b 3 c
            zadd z 1 a 5 b
            zadd z ch 1 a 7 b 8 x
            zadd z incr 1 a
            zadd z nx 1 a
            zincrby z 2 a
            zincrby z 0 a
            zrem z a b nope
            zadd z 1 a 2 b 3 c
            zpopmin z
            zpopmax z 2
            zadd z 1 a 2 b 3 c 4 d
            zremrangebyscore z 1 2
            zremrangebyrank z 0 0
            zmpop 1 z min count 5
            zadd z 1 a 2 b 3 c 4 d
            zrangestore zz z 0 2
            zrangestore zz z 9 10
            zrangestore zz z 9 10
            zunionstore zz 1 z
            zinterstore zz 2 z nope
            zdiffstore zz 1 z
            hset h a 1 b 2 c 3
            hset h a 1
            hmset h a 1 b 2
            hsetnx h a 1
            hsetnx h z 1
            hincrby h a 1
            hincrbyfloat h a 1.5
            hdel h a b nope
            xadd x 1-1 a b
            xadd x 1-2 a b
            xadd x maxlen 1 1-3 a b
            xadd x 1-4 a b
            xadd x 1-5 a b
            xdel x 1-4 9-9
            xtrim x maxlen 1
            xsetid x 2-1
            xgroup create x g 0
            xgroup create nx g $ mkstream
            xgroup createconsumer x g c
            xgroup createconsumer x g c
            xadd x * a b
            xreadgroup group g c count 2 streams x >
            xreadgroup group g c noack count 2 streams x >
            xreadgroup group g d count 2 streams x >
            xclaim x g d 0 1-5
            xack x g 1-5
            xautoclaim x g c 0 0
            xgroup delconsumer x g c
            xgroup setid x g 0
            xgroup destroy x g
            pfadd p a b c
            pfadd p a
            pfadd p2
            pfcount p
            pfmerge p3 p p2
            setbit bm 7 1
            setbit bm 7 1
            bitop not bm2 bm
            bitop and bm2 nope1 nope2
            bitop and bm2 nope1 nope2
            bitfield bm set u8 0 5 incrby u8 8 1
            bitfield bm get u8 0
            geoadd g 13 38 a 15 37 b
            geoadd g ch 13 38 a
            georadius g 15 37 200 km store gs
            geosearchstore gs g fromlonlat 15 37 byradius 200 km asc
            geosearchstore gs nope fromlonlat 15 37 byradius 200 km asc
            set k v
            expire k 100
            expire k 200 nx
            persist k
            persist k
            pexpireat k 1
            set k v
            expire k -1
            set k v
            rename k k2
            renamenx k2 k3
            rename k3 k3
            copy k3 k4
            copy k3 k4
            copy k3 k4 replace
            move k4 1
            rpush so 3 1 2
            sort so store sd
            sort nope store sd
            sort nope store sd
            swapdb 0 1
            swapdb 0 1
            swapdb 1 1
            flushdb
            flushdb
            set a 1
            set b 1
            flushall
            flushall
            sadd s a b c
            set a 1
            sadd s q w
            object encoding s
            touch s
            setnx nn 1
            setnx nn 1
            psetex pp 1 x
            decrby nn 5
            lpush li a a a a
            lrem li 2 a
            hset hh f v
            hgetall hh
            zadd zs 1 a
            zadd zs gt 0 a
            zadd zs xx 2 b
            zadd zs ch incr 5 a
            bitop or bd nn
            srandmember s
            copy nope x2
            set nn 1
            set nn 1 get
            set nn 1 xx get ex 100
            set nn 1 keepttl
            expire nn 50 gt
            expireat nn 1
            """.lines().toList();

    @TempDir
    private Path directory;

    @Test
    void shouldCountTheChangesOfEachCommandAsRedisDoes() throws Exception {
        Configuration configuration = Configuration.of(
                "--port", "" + RedisOracle.freePort(), "--dir", directory.toString(), "--save", "");
        try (RedisOracle redis = RedisOracle.start();
                Node node = Node.start(configuration, new NodeLog(""));
                RespConnection theirs = redis.connect();
                RespConnection ours = RespConnection.to(node.port())) {
            for (String line : LINES) {
                String[] words = line.replace("''", "").split(" ", -1);

                String expected = theirs.call(words);
                String reply = ours.call(words);

                assertThat(expected).as(line).doesNotStartWith("-");
                assertThat(reply.charAt(0)).as(line).isEqualTo(expected.charAt(0));
                assertThat(changes(ours)).as(line).isEqualTo(changes(theirs));
            }
        }
    }

    private static long changes(RespConnection client) {
        String text = client.call("INFO", "persistence");
        int from = text.indexOf(FIELD) + FIELD.length();
        return Long.parseLong(text.substring(from, text.indexOf('\r', from)));
    }
}
