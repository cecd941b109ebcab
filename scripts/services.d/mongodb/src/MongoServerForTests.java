import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.MongoVersion;
import de.bwaldvogel.mongo.backend.AbstractMongoBackend;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import de.bwaldvogel.mongo.bson.BsonTimestamp;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.wire.message.MongoMessage;
import io.netty.channel.Channel;

import java.time.Instant;
import java.util.List;

/** java MongoServerForTests PORT [h2-file] : a MongoDB-wire-compatible server in memory, or in an H2 file */
public class MongoServerForTests {
    /** The newest version it knows says wire version 8 (MongoDB 4.2); pymongo 4.20 wants at least 9, so say 13 (5.0). */
    static final MongoVersion V = new MongoVersion() {
        public List<Integer> getVersionArray() {
            return List.of(5, 0, 0);
        }

        public int getWireVersion() {
            return Integer.getInteger("wire", 13);
        }
    };

    /** `hello`, and the session timeout without which a driver refuses start_session(). No transactions: the server has none. */
    static Document hello() {
        return new Document("isWritablePrimary", true).append("ismaster", true).append("helloOk", true)
            .append("maxBsonObjectSize", 16777216).append("maxMessageSizeBytes", 48000000).append("maxWriteBatchSize", 100000)
            .append("localTime", Instant.now()).append("logicalSessionTimeoutMinutes", 30)
            .append("minWireVersion", 0).append("maxWireVersion", V.getWireVersion()).append("readOnly", false).append("ok", 1.0);
    }

    static boolean isHello(String c) {
        return c.equalsIgnoreCase("hello") || c.equalsIgnoreCase("ismaster");
    }

    static class Mem extends MemoryBackend {
        @Override
        public Document handleCommand(Channel ch, String db, String cmd, Document q) {
            return isHello(cmd) ? hello() : super.handleCommand(ch, db, cmd, q);
        }

        @Override
        public Document handleMessage(MongoMessage m) {
            String cmd = m.getDocument().keySet().iterator().next();
            if (isHello(cmd)) return hello();
            if (cmd.equals("endSessions")) return new Document("ok", 1.0);
            Document r = super.handleMessage(m);     // a driver's watch() wants the time of the first answer
            if (cmd.equals("aggregate") && r.containsKey("cursor")) r.append("operationTime", new BsonTimestamp(Instant.now(), 1));
            return r;
        }
    }

    static class H2 extends H2Backend {
        H2(String f) {
            super(f);
        }

        @Override
        public Document handleCommand(Channel ch, String db, String cmd, Document q) {
            return isHello(cmd) ? hello() : super.handleCommand(ch, db, cmd, q);
        }

        @Override
        public Document handleMessage(MongoMessage m) {
            String cmd = m.getDocument().keySet().iterator().next();
            if (isHello(cmd)) return hello();
            if (cmd.equals("endSessions")) return new Document("ok", 1.0);
            Document r = super.handleMessage(m);     // a driver's watch() wants the time of the first answer
            if (cmd.equals("aggregate") && r.containsKey("cursor")) r.append("operationTime", new BsonTimestamp(Instant.now(), 1));
            return r;
        }
    }

    public static void main(String[] a) throws Exception {
        AbstractMongoBackend b = a.length > 1 ? new H2(a[1]) : new Mem();
        b.version(V);
        MongoServer s = new MongoServer(b);
        if (Boolean.getBoolean("oplog")) s.enableOplog();
        s.bind("127.0.0.1", Integer.parseInt(a[0]));
        Runtime.getRuntime().addShutdownHook(new Thread(s::shutdownNow));
        System.out.println("ready");
        Thread.currentThread().join();
    }
}
