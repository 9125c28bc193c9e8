import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  AclOperationTypes,
  AclPermissionTypes,
  AclResourceTypes,
  Kafka,
  ResourcePatternTypes,
} from 'kafkajs';
import { startEmbeddedKafka } from '../../../src/broker/embedded/embedded-kafka';
import type { EmbeddedKafka } from '../../../src/broker/embedded/embedded-kafka';
import { kafkaJsConfig } from '../../../src/broker/index';
import type { CourseKafka } from '../../../src/broker/index';
import { GRANTS } from '../../../src/course/classroom/learner-rights';
import type { Learner } from '../../../src/course/classroom/learner-rights';
import { selfSignedCertificate } from '../../broker/self-signed-certificate';

const OPERATIONS: Record<string, AclOperationTypes> = {
  Create: AclOperationTypes.CREATE,
  Delete: AclOperationTypes.DELETE,
  Describe: AclOperationTypes.DESCRIBE,
  DescribeConfigs: AclOperationTypes.DESCRIBE_CONFIGS,
  AlterConfigs: AclOperationTypes.ALTER_CONFIGS,
  Read: AclOperationTypes.READ,
  Write: AclOperationTypes.WRITE,
};
const RESOURCES = { topic: AclResourceTypes.TOPIC, group: AclResourceTypes.GROUP };

/** A cluster of a school: SCRAM over TLS, and a learner may do what an ACL allows. Its administrator is `kafka` itself. */
export class SecureCluster {
  private constructor(
    readonly kafka: EmbeddedKafka,
    readonly learners: readonly Learner[],
    readonly folder: string,
  ) {}

  static async start(learners: readonly Learner[]): Promise<SecureCluster> {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'course-cluster-'));
    const { key, certificate } = selfSignedCertificate();
    fs.writeFileSync(path.join(folder, 'ca.pem'), certificate);
    const users = Object.fromEntries(learners.map(({ user }) => [user, passwordOf(user)]));
    const secure = { key, certificate, users, enforceAcls: true };
    return new SecureCluster(await startEmbeddedKafka({ secure }), learners, folder);
  }

  /** Does what the printed kafka-acls commands do, from the same list. */
  async allow(learner: Learner): Promise<void> {
    const acl = GRANTS.flatMap(({ resource, operations }) =>
      operations.map((operation) => ({
        resourceType: RESOURCES[resource],
        resourceName: learner.prefix,
        resourcePatternType: ResourcePatternTypes.PREFIXED,
        principal: `User:${learner.user}`,
        host: '*',
        operation: OPERATIONS[operation]!,
        permissionType: AclPermissionTypes.ALLOW,
      })),
    );
    const admin = new Kafka(kafkaJsConfig(this.kafka)).admin();
    await admin.connect();
    try {
      await admin.createAcls({ acl });
    } finally {
      await admin.disconnect();
    }
  }

  /** What a learner sets to work on the cluster. */
  environment({ user, prefix }: Learner): NodeJS.ProcessEnv {
    return {
      KAFKA_BOOTSTRAP_SERVERS: this.kafka.secureBootstrapServers,
      KAFKA_SSL: 'true',
      KAFKA_SSL_CA_FILE: path.join(this.folder, 'ca.pem'),
      KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512',
      KAFKA_SASL_USERNAME: user,
      KAFKA_SASL_PASSWORD: passwordOf(user),
      COURSE_TOPIC_PREFIX: prefix,
      COURSE_KAFKA: '',
      COURSE_BROKER: '',
    };
  }

  /** The cluster as its administrator sees it. */
  administrator(): CourseKafka {
    return this.kafka;
  }

  async stop(): Promise<void> {
    await this.kafka.stop();
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

function passwordOf(user: string): string {
  return `${user}-secret`;
}
