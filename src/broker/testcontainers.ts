import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Kafka } from 'kafkajs';
import type * as KafkaModule from '@testcontainers/kafka';
import type * as Testcontainers from 'testcontainers';
import { CourseError, UsageError } from '../support/course-error';
import type { CourseKafka, StartKafkaOptions } from './course-kafka';
import { fixedPorts, freePorts } from './free-ports';
import { kafkaJsConfig } from './kafka-js-config';

/** Loading these takes most of a second, and only this kind of broker needs them. */
const lazyRequire = createRequire(__filename);
const loadTestcontainers = () => lazyRequire('testcontainers') as typeof Testcontainers;
const loadKafkaModule = () => lazyRequire('@testcontainers/kafka') as typeof KafkaModule;

/** The module takes only images with Confluent's layout, and a tag that is a version: from 8.0.0 on it uses KRaft. */
const DEFAULT_IMAGE = 'confluentinc/cp-kafka:8.1.0';
/** KafkaContainer's listener for the host. */
const HOST_LISTENER_PORT = 9093;
const READY = /Kafka Server started/;
const CLEAN_STOP_MS = 20_000;
/** Docker would signal the shell that KafkaContainer makes process 1, and that passes nothing on to the JVM. */
const TERMINATE_BROKER = `for process in /proc/[0-9]*; do
  [ "$process" = "/proc/$$" ] && continue # this script's own text has what it looks for
  case "$(tr '\\0' ' ' <"$process/cmdline" 2>/dev/null)" in
    *java*" kafka.Kafka "*) kill -TERM "\${process#/proc/}" ;;
  esac
done`;
const BACK_WITHIN_MS = 90_000;

/** False where nothing hints at Docker, so that its libraries need not be loaded to find out. */
export function isDockerLikely(): boolean {
  const { DOCKER_HOST, XDG_RUNTIME_DIR } = process.env;
  if (DOCKER_HOST || process.platform === 'win32') return true;
  const home = homedir();
  const traces = [
    '/var/run/docker.sock',
    join(home, '.docker', 'run', 'docker.sock'),
    join(home, '.docker', 'desktop', 'docker.sock'),
    join(home, '.testcontainers.properties'),
    ...(XDG_RUNTIME_DIR
      ? [join(XDG_RUNTIME_DIR, '.docker', 'run', 'docker.sock'), join(XDG_RUNTIME_DIR, 'docker.sock')]
      : []),
  ];
  return traces.some((path) => existsSync(path));
}

/** Kafka in Docker, one container for each broker, by Testcontainers. The image is COURSE_KAFKA_IMAGE or a pinned default. */
export async function startTestcontainersKafka({
  brokers = 1,
  port,
  onProgress,
}: StartKafkaOptions = {}): Promise<CourseKafka> {
  const image = process.env['COURSE_KAFKA_IMAGE'] || DEFAULT_IMAGE;
  const version = kafkaVersionOf(image);
  const client = await dockerClient();
  await ensureImage(client, image, onProgress);
  onProgress?.(`Starting Kafka in Docker (${image}, brokers: ${brokers}) ...`);
  try {
    return await retryOnTakenPort(() => startContainers(client, { image, version, brokers, port }));
  } catch (cause) {
    if (cause instanceof UsageError) throw cause;
    throw new CourseError(
      `Kafka did not start in Docker from the image ${image}: see what Docker says below, or set COURSE_BROKER=embedded.`,
      'BROKER',
      { cause },
    );
  }
}

type Container = ReturnType<DockerClient['container']['getById']>;

/** Somebody can take a port between choosing and binding it. */
async function retryOnTakenPort<T>(start: () => Promise<T>, attempts = 3): Promise<T> {
  try {
    return await start();
  } catch (error) {
    if (attempts === 1 || !/already allocated|already in use/i.test(String(error))) throw error;
    return retryOnTakenPort(start, attempts - 1);
  }
}

type DockerClient = Awaited<ReturnType<typeof Testcontainers.getContainerRuntimeClient>>;

async function dockerClient(): Promise<DockerClient> {
  try {
    return await loadTestcontainers().getContainerRuntimeClient();
  } catch (cause) {
    throw new CourseError(
      'Docker does not answer: start it, or set COURSE_BROKER=embedded to do without.',
      'BROKER',
      { cause },
    );
  }
}

/** Confluent Platform 8.N carries Apache Kafka 4.N. */
function kafkaVersionOf(image: string): string {
  const tag = /:(\d+)\.(\d+)\.(\d+)[^/]*$/.exec(image);
  if (!tag || Number(tag[1]) < 8) {
    throw new CourseError(
      `COURSE_KAFKA_IMAGE is ${image}: use one like ${DEFAULT_IMAGE}, with Confluent's layout and 8.0.0 or newer as its tag.`,
      'BROKER',
    );
  }
  return `${Number(tag[1]) - 4}.${tag[2]}.${tag[3]}`;
}

async function ensureImage(
  client: DockerClient,
  image: string,
  onProgress?: (line: string) => void,
): Promise<void> {
  const { dockerode } = client.container;
  const isHere = await dockerode
    .getImage(image)
    .inspect()
    .then(() => true)
    .catch(() => false);
  if (isHere) return;
  onProgress?.(`Pulling the image ${image} ...`);
  try {
    const stream = await dockerode.pull(image);
    const report = pullProgress(image, onProgress);
    await new Promise<void>((resolve, reject) => {
      dockerode.modem.followProgress(stream, (error) => (error ? reject(error) : resolve()), report);
    });
  } catch (cause) {
    throw new CourseError(
      `The image ${image} is neither in Docker nor to be had: check the network, set COURSE_KAFKA_IMAGE to one that is there, or set COURSE_BROKER=embedded.`,
      'BROKER',
      { cause },
    );
  }
}

/** One line for every tenth of the bytes known so far, over all layers. */
function pullProgress(image: string, onProgress?: (line: string) => void): (event: PullEvent) => void {
  const layers = new Map<string, { current: number; total: number }>();
  let toldTenths = 0;
  return ({ id, status, progressDetail }) => {
    const { current = 0, total = 0 } = progressDetail ?? {};
    if (id === undefined || status !== 'Downloading' || total === 0) return;
    layers.set(id, { current, total });
    const sum = (key: 'current' | 'total') =>
      [...layers.values()].reduce((bytes, layer) => bytes + layer[key], 0);
    const tenths = Math.floor((10 * sum('current')) / sum('total'));
    if (tenths <= toldTenths) return;
    toldTenths = tenths;
    onProgress?.(
      `Pulling the image ${image}: ${Math.round(sum('current') / 1e6)} of ${Math.round(sum('total') / 1e6)} MB`,
    );
  };
}

interface PullEvent {
  id?: string;
  status?: string;
  progressDetail?: { current?: number; total?: number };
}

interface ContainersPlan {
  image: string;
  version: string;
  brokers: 1 | 3;
  port: number | undefined;
}

async function startContainers(
  client: DockerClient,
  { image, version, brokers, port }: ContainersPlan,
): Promise<CourseKafka> {
  const ids = Array.from({ length: brokers }, (_, index) => index + 1);
  const ports = port === undefined ? await freePorts(brokers) : await fixedPorts(port, brokers);
  const network = brokers === 1 ? undefined : await new (loadTestcontainers().Network)().start();
  // In parallel: a broker is not ready before a majority of the quorum is up.
  const starts = await Promise.allSettled(
    ids.map((id, index) => brokerContainer({ image, id, ids, hostPort: ports[index] ?? 0, network }).start()),
  );
  const started = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
  const stopAll = async () => {
    await Promise.all(started.map((container) => container.stop({ timeout: 0 })));
    await network?.stop();
  };
  const failures = starts.flatMap((start) => (start.status === 'rejected' ? [start.reason as unknown] : []));
  if (failures.length > 0) {
    await stopAll();
    throw failures[0];
  }
  const addresses = started.map(
    (container) => `${container.getHost()}:${container.getMappedPort(HOST_LISTENER_PORT)}`,
  );
  const containerOf = (id: number) => {
    const container = started[id - 1];
    if (container) return client.container.getById(container.getId());
    throw new CourseError(`There is no broker ${id}: this Kafka has brokers 1 to ${brokers}.`, 'BROKER');
  };
  let stopped: Promise<void> | undefined;
  return {
    kind: 'testcontainers',
    bootstrapServers: addresses.join(','),
    version,
    brokers,
    topicPrefix: 'course-',
    connection: {},
    stop: () => (stopped ??= stopAll()),
    stopBroker: async (id, { hard = false } = {}) => {
      const container = containerOf(id);
      if (!(await container.inspect()).State.Running) return;
      if (hard) await container.kill();
      else await stopCleanly(client, container);
    },
    startBroker: async (id) => {
      const container = containerOf(id);
      if ((await container.inspect()).State.Running) return;
      await container.start();
      await untilRegistered(addresses[id - 1] ?? '', id);
    },
  };
}

/** Resolves when the container has ended: with the broker, which first hands over its partitions. */
async function stopCleanly(client: DockerClient, container: Container): Promise<void> {
  await client.container.exec(container, ['bash', '-c', TERMINATE_BROKER]);
  for (const deadline = Date.now() + CLEAN_STOP_MS; Date.now() < deadline; await delay(100)) {
    if (!(await container.inspect()).State.Running) return;
  }
  await container.kill();
}

interface BrokerPlan {
  image: string;
  id: number;
  ids: readonly number[];
  hostPort: number;
  network: Testcontainers.StartedNetwork | undefined;
}

function brokerContainer({ image, id, ids, hostPort, network }: BrokerPlan) {
  const { KafkaContainer } = loadKafkaModule();
  const { Wait } = loadTestcontainers();
  const voters = ids.map((voter) => `${voter}@kafka${voter}:9094`).join(',');

  class BrokerContainer extends KafkaContainer {
    /** KafkaContainer writes a quorum of one here, and a port that Docker would change when the container starts again. */
    protected override async beforeContainerCreated(): Promise<void> {
      await super.beforeContainerCreated();
      if (network) this.withEnvironment({ KAFKA_CONTROLLER_QUORUM_VOTERS: voters });
      this.exposedPorts = [];
      this.withExposedPorts({ container: HOST_LISTENER_PORT, host: hostPort });
    }
  }

  const minInSync = String(Math.min(2, ids.length));
  const container = new BrokerContainer(image)
    .withKraft()
    // Its default wait is over before anything listens.
    .withWaitStrategy(Wait.forLogMessage(READY))
    .withEnvironment({
      KAFKA_BROKER_ID: String(id),
      KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
      KAFKA_DEFAULT_REPLICATION_FACTOR: String(ids.length),
      KAFKA_MIN_INSYNC_REPLICAS: minInSync,
      KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: String(ids.length),
      KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: String(ids.length),
      KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: minInSync,
      KAFKA_TRANSACTION_STATE_LOG_NUM_PARTITIONS: '1',
      // The only broker has nobody to hand its partitions to, and would wait for that.
      KAFKA_CONTROLLED_SHUTDOWN_ENABLE: String(ids.length > 1),
      KAFKA_BROKER_HEARTBEAT_INTERVAL_MS: '500',
      KAFKA_BROKER_SESSION_TIMEOUT_MS: '3000',
    });
  return network ? container.withNetwork(network).withNetworkAliases(`kafka${id}`) : container;
}

/** A container that runs is not yet a broker that the others know. */
async function untilRegistered(address: string, id: number): Promise<void> {
  for (const deadline = Date.now() + BACK_WITHIN_MS; ;) {
    const admin = new Kafka({
      ...kafkaJsConfig({ bootstrapServers: address }),
      retry: { retries: 0 },
    }).admin();
    const brokers = await admin
      .connect()
      .then(() => admin.describeCluster())
      .then((cluster) => cluster.brokers)
      .catch(() => []);
    await admin.disconnect().catch(() => {}); // it was never connected
    if (brokers.some(({ nodeId }) => nodeId === id)) return;
    if (Date.now() > deadline) {
      throw new CourseError(
        `Broker ${id} was started again but does not answer: see its log in Docker.`,
        'BROKER',
      );
    }
    await delay(200);
  }
}
