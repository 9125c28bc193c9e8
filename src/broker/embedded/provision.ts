import { checkProjectFolder } from '../../support/project-folder';
import { ensureArchive, type KafkaInstallation } from './archive';
import { classPath, ensureJars, lockedKafkaVersion } from './jars';
import { ensureJava } from './java';
import { asCourseError } from './start-failure';
import { ensureTemplate } from './storage';

export interface EmbeddedInstallation extends KafkaInstallation {
  readonly kafkaVersion: string;
  /** Undefined where this JVM cannot make one: brokers then take twice as long to start. */
  readonly archive: string | undefined;
}

/**
 * Completes whatever an embedded broker needs: the jars, a Java ≥ 17, a formatted data folder to copy, the class
 * archive. The second call only looks; an interrupted set-up is completed by the next.
 *
 * @throws CourseError in one sentence, with what the failing tool said as its cause
 */
export async function provisionEmbeddedKafka({
  onProgress,
}: { onProgress?: (line: string) => void } = {}): Promise<EmbeddedInstallation> {
  checkProjectFolder();
  const [jars, runtime] = await Promise.all([ensureJars('broker', onProgress), ensureJava(onProgress)]);
  try {
    const template = await ensureTemplate(runtime.java, jars);
    const installation = { ...runtime, jars, template, kafkaVersion: lockedKafkaVersion() };
    return { ...installation, archive: await ensureArchive(installation, onProgress) };
  } catch (error) {
    // The archive is made by a broker too, the first one of all.
    throw asCourseError(error);
  }
}

/**
 * Apache Kafka's own command-line clients (ProducerPerformance, ConsoleConsumer, VerifiableProducer), fetched when they
 * are first asked for: run `java -cp classPath org.apache.kafka.tools.ProducerPerformance …` with NEUTRAL_JVM_FLAGS and
 * jvmEnvironment(). The tools are of version 4.3.1, the newest that can be downloaded; the broker's jars come first, so that the
 * client that they run is the broker's.
 */
export async function provisionKafkaTools({
  onProgress,
}: { onProgress?: (line: string) => void } = {}): Promise<{ java: string; classPath: string }> {
  const broker = await ensureJars('broker', onProgress);
  const tools = await ensureJars('tools', onProgress);
  const { java } = await ensureJava(onProgress);
  return { java, classPath: classPath([...broker, ...tools]) };
}
