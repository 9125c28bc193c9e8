import { topicPrefix } from '../../broker/external';
import { UsageError } from '../../support/course-error';

/** One learner of a class on a shared cluster. */
export interface Learner {
  /** The name that the learner logs in with, and the principal `User:<name>`. */
  readonly user: string;
  /** What the names of all of the learner's topics and groups begin with. */
  readonly prefix: string;
}

/** What a learner may do with all resources of one kind whose names begin with the prefix. Kafka's own names. */
export interface Grant {
  readonly resource: 'topic' | 'group';
  readonly operations: readonly string[];
}

/**
 * All that a notebook or a grader does on a cluster. Write on a topic includes asking for a producer id (KIP-679), so that
 * an idempotent producer needs nothing on the cluster itself.
 */
export const GRANTS: readonly Grant[] = [
  {
    resource: 'topic',
    operations: ['Create', 'Delete', 'Describe', 'DescribeConfigs', 'AlterConfigs', 'Read', 'Write'],
  },
  { resource: 'group', operations: ['Describe', 'Read', 'Delete'] },
];

/** Each by a broker: bytes and partitions per second, and percent of its request threads. */
export const QUOTAS = {
  producer_byte_rate: 20_971_520,
  consumer_byte_rate: 20_971_520,
  controller_mutation_rate: 20,
  request_percentage: 100,
} as const;

/** Safe in a shell, in a properties file and in a principal. */
const USER = /^[a-zA-Z0-9][a-zA-Z0-9._@-]{0,60}$/;

/**
 * The learners of a class, each with a prefix: `course-<user>-`, or the one given.
 *
 * @throws UsageError for names that no command line should carry, and for two learners one of whom could reach the other's topics
 */
export function learners(users: readonly string[], prefix?: string): Learner[] {
  if (prefix !== undefined && users.length > 1) {
    throw new UsageError('--prefix is for one user: leave it out, and each gets course-<user>- as prefix.');
  }
  const all = users.map((name) => {
    const user = checkUser(name);
    return {
      user,
      prefix: prefix === undefined ? asCommandsReadIt(`course-${user}-`) : checkPrefix(prefix),
    };
  });
  for (const one of all) {
    const other = all.find((candidate) => candidate !== one && candidate.prefix.startsWith(one.prefix));
    if (other !== undefined) {
      throw new UsageError(
        `${one.user}, with the prefix ${one.prefix}, could reach the topics of ${other.user} (${other.prefix}): give one of them another name, or a --prefix of their own.`,
      );
    }
  }
  return all;
}

function checkUser(user: string): string {
  if (USER.test(user)) return user;
  throw new UsageError(
    `${JSON.stringify(user)} is no user name: write letters, digits, dots, hyphens, underscores and @ only.`,
  );
}

/** The learner's own commands make every prefix legal in a topic's name. */
function asCommandsReadIt(prefix: string): string {
  return topicPrefix({ COURSE_TOPIC_PREFIX: prefix });
}

/** Ends in a hyphen or an underscore, because `course-ada` is how `course-adam` begins too. */
function checkPrefix(prefix: string): string {
  if (/[a-zA-Z0-9].*[-_]$/.test(prefix) && asCommandsReadIt(prefix) === prefix) return prefix;
  throw new UsageError(
    `The prefix ${JSON.stringify(prefix)} does not do: write letters, digits, - and _ only, with - or _ at the end, so that it is not how another learner's begins.`,
  );
}

/** What an administrator runs once for a learner, with Kafka's own tools. `$BOOTSTRAP` and admin.properties are the administrator's. */
export function administratorsCommands({ user, prefix }: Learner): string[] {
  const how = '--bootstrap-server "$BOOTSTRAP" --command-config admin.properties';
  const configs = `kafka-configs.sh ${how} --alter --entity-type users --entity-name ${user}`;
  const quotas = Object.entries(QUOTAS).map(([name, value]) => `${name}=${value}`);
  return [
    // In a file, because everyone on the machine can read a command line.
    `${configs} --add-config-file ${user}.properties`,
    ...GRANTS.map(({ resource, operations }) => {
      const rights = operations.map((operation) => `--operation ${operation}`).join(' ');
      return `kafka-acls.sh ${how} --add --allow-principal User:${user} ${rights} --${resource} ${prefix} --resource-pattern-type prefixed`;
    }),
    `${configs} --add-config ${quotas.join(',')}`,
  ];
}
