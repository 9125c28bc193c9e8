import { rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { CourseError, UsageError } from '../../support/course-error';
import type { CourseKafka } from '../course-kafka';
import { fixedPorts, freePorts } from '../free-ports';
import { GuardedJvms } from './guarded-jvms';
import { kafkaArguments, READY_TEXT, useArchive } from './jvm-flags';
import { CONTROLLER_ID, formatProperties, nodeIds, nodeProperties, scramArguments } from './properties';
import type { ClusterPlan, SecureListener } from './properties';
import { provisionEmbeddedKafka, type EmbeddedInstallation } from './provision';
import { createRunFolder, sweepRunFolders } from './run-folder';
import { asCourseError, isPortTaken } from './start-failure';
import { copyStorage, formatStorage } from './storage';

export interface EmbeddedKafka extends CourseKafka {
  /** Of the listener with passwords and TLS, where one was asked for. */
  readonly secureBootstrapServers: string | undefined;
  /** Of each running JVM, the controller's included. */
  readonly pids: readonly number[];
}

export interface EmbeddedOptions {
  brokers?: 1 | 3;
  /** Of the first broker; see StartKafkaOptions. */
  port?: number;
  onProgress?: (line: string) => void;
  /** Switches on SASL (PLAIN, SCRAM) over TLS on a port of its own; one broker only. */
  secure?: SecureListener;
  /** Which ports to try next; for tests. */
  choosePorts?: (count: number) => Promise<number[]>;
}

const PORT_ATTEMPTS = 5;
/** A single broker is gone in 0.2 s; this is for a machine under load. */
const STOP_GRACE_MS = 3000;
const CLEAN_STOP_GRACE_MS = 15_000;

/** Apache Kafka on the local Java, one JVM for each node, reachable from this machine only. */
export async function startEmbeddedKafka(options: EmbeddedOptions = {}): Promise<EmbeddedKafka> {
  const installation = await provisionEmbeddedKafka(options);
  try {
    sweepRunFolders();
    for (let attempt = 1; ; attempt++) {
      try {
        return await startCluster(installation, options);
      } catch (error) {
        // Somebody took a port between choosing and binding it.
        if (attempt === PORT_ATTEMPTS || !isPortTaken(error)) throw error;
      }
    }
  } catch (error) {
    throw error instanceof UsageError ? error : asCourseError(error);
  }
}

async function startCluster(
  installation: EmbeddedInstallation,
  options: EmbeddedOptions,
): Promise<EmbeddedKafka> {
  const { brokers = 1, port, secure, choosePorts = freePorts } = options;
  const fixed = port === undefined ? [] : await fixedPorts(port, brokers);
  const [controllerPort = 0, ...chosen] = await choosePorts(brokers - fixed.length + (secure ? 2 : 1));
  const ports = [...fixed, ...chosen];
  const plan: ClusterPlan = {
    brokers,
    controllerPort,
    ports: Object.fromEntries(ports.slice(0, brokers).map((port, index) => [index + 1, port])),
    ...(secure && { secure: { ...secure, port: ports[brokers] ?? 0 } }),
  };
  const folder = createRunFolder();
  const cluster = new EmbeddedCluster(installation, plan, folder);
  try {
    await cluster.writeFolders();
    await cluster.startAll();
    return cluster;
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

class EmbeddedCluster implements EmbeddedKafka {
  readonly kind = 'embedded';
  readonly version: string;
  readonly brokers: number;
  readonly bootstrapServers: string;
  readonly secureBootstrapServers: string | undefined;
  readonly topicPrefix = 'course-';
  readonly connection = {};
  readonly #installation: EmbeddedInstallation;
  readonly #plan: ClusterPlan;
  readonly #folder: string;
  readonly #jvms: GuardedJvms;
  #stopped: Promise<void> | undefined;

  constructor(installation: EmbeddedInstallation, plan: ClusterPlan, folder: string) {
    this.#installation = installation;
    this.#plan = plan;
    this.#folder = folder;
    this.#jvms = new GuardedJvms(folder);
    this.version = installation.kafkaVersion;
    this.brokers = plan.brokers;
    this.bootstrapServers = Object.values(plan.ports)
      .map((port) => `127.0.0.1:${port}`)
      .join(',');
    this.secureBootstrapServers = plan.secure && `127.0.0.1:${plan.secure.port}`;
  }

  get pids(): number[] {
    return nodeIds(this.#plan.brokers).flatMap((id) => this.#jvms.pid(id) ?? []);
  }

  async writeFolders(): Promise<void> {
    const { java, jars, template } = this.#installation;
    const { secure } = this.#plan;
    const formatted = secure ? join(this.#folder, 'formatted') : template;
    // Passwords are part of the formatted metadata, so that this one folder cannot be kept for the next start.
    if (secure) await formatStorage(java, jars, formatted, scramArguments(secure));
    for (const id of nodeIds(this.#plan.brokers)) {
      const data = `data-${id}`;
      copyStorage(formatted, join(this.#folder, data), id);
      const properties = formatProperties(nodeProperties(this.#plan, id, data));
      writeFileSync(join(this.#folder, propertiesFileOf(id)), properties, { mode: 0o600 });
    }
  }

  async startAll(): Promise<void> {
    const starts = nodeIds(this.#plan.brokers).map((id) => this.#start(id));
    // One that fails ends the wait; the others are stopped with the rest, and their ends are no news.
    for (const start of starts) start.catch(() => {});
    await Promise.all(starts);
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#jvms.end().then(() => rmSync(this.#folder, { recursive: true, force: true }));
    return this.#stopped;
  }

  async stopBroker(id: number, { hard = false }: { hard?: boolean } = {}): Promise<void> {
    this.#check(id);
    await this.#jvms.stop(id, hard ? 0 : CLEAN_STOP_GRACE_MS);
  }

  async startBroker(id: number): Promise<void> {
    this.#check(id);
    if (this.#jvms.isRunning(id)) return;
    await this.#start(id).catch((error: unknown) => {
      throw asCourseError(error);
    });
  }

  #start(id: number): Promise<void> {
    const { java, jars, archive } = this.#installation;
    const archiveFlag = archive && useArchive(this.#installation, relative(this.#folder, archive));
    const args = kafkaArguments(jars, this.#folder, { archiveFlag, propertiesFile: propertiesFileOf(id) });
    // The data goes with the cluster, so nothing is gained by three brokers that part in an orderly way.
    const graceMs = this.#plan.brokers === 1 ? STOP_GRACE_MS : 0;
    return this.#jvms.start(id, { java, args, graceMs }, READY_TEXT);
  }

  #check(id: number): void {
    if (this.#stopped)
      throw new CourseError('This Kafka was stopped: start another with startKafka().', 'BROKER');
    if (id === CONTROLLER_ID || !nodeIds(this.#plan.brokers).includes(id)) {
      throw new CourseError(
        `There is no broker ${id}: this Kafka has brokers 1 to ${this.brokers}.`,
        'BROKER',
      );
    }
  }
}

/** In the folder of the cluster, which is what its JVMs work in. */
function propertiesFileOf(id: number): string {
  return `node-${id}.properties`;
}
