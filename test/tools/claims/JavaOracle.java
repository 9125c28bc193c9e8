import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.record.internal.AbstractRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;

/** Answers questions with Kafka's own classes, one per line: started from its source on the class path of the embedded broker. */
public class JavaOracle {
    public static void main(String[] args) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ", -1);
            switch (words[0]) {
                case "partition":
                    System.out.println(BuiltInPartitioner.partitionForKey(HexFormat.of().parseHex(words[1]), Integer.parseInt(words[2])));
                    break;
                case "bound":
                    System.out.println(AbstractRecords.estimateSizeInBytesUpperBound(RecordBatch.CURRENT_MAGIC_VALUE,
                        Compression.NONE.type(), bytes(words[1]), bytes(words[2]), new Header[0]));
                    break;
                case "config":
                    System.out.println(resolved(words));
                    break;
                default:
                    throw new IllegalArgumentException(line);
            }
        }
    }

    private static byte[] bytes(String length) {
        return length.equals("null") ? null : new byte[Integer.parseInt(length)];
    }

    private static String resolved(String[] words) {
        Map<String, Object> given = new HashMap<>();
        given.put("bootstrap.servers", "localhost:9092");
        given.put("key.serializer", "org.apache.kafka.common.serialization.StringSerializer");
        given.put("value.serializer", "org.apache.kafka.common.serialization.StringSerializer");
        for (int at = 1; at < words.length; at++) {
            String[] pair = words[at].split("=");
            given.put(pair[0], pair[1]);
        }
        try {
            ProducerConfig config = new ProducerConfig(given);
            return config.getBoolean("enable.idempotence") + " " + config.getString("acks") + " " + config.getInt("retries")
                + " " + config.getInt("max.in.flight.requests.per.connection");
        } catch (ConfigException e) {
            return "ConfigException";
        }
    }
}
