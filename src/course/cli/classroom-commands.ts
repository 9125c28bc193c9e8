import path from 'node:path';
import { readTextFile } from '../../support/read-text';
import { connectExternalKafka } from '../../broker/external';
import { courseTopics, deleteTopics } from '../../broker/topics';
import { CourseError, UsageError } from '../../support/course-error';
import { administratorsCommands, learners } from '../classroom/learner-rights';
import { EXIT } from './exit-codes';
import type { ExitCode } from './exit-codes';
import { progress } from './progress';

export interface AclsFlags {
  readonly user?: readonly string[];
  readonly class?: string;
  readonly prefix?: string;
}

/** `course acls`: prints what the administrator of a shared cluster runs for each learner. Changes nothing itself. */
export function aclsCommand(flags: AclsFlags): ExitCode {
  const users = [...(flags.user ?? []), ...(flags.class === undefined ? [] : readClass(flags.class))];
  if (users.length === 0)
    throw new UsageError('For whom? Name learners with --user, or a file of names with --class.');
  const twice = users.find((user, index) => users.indexOf(user) !== index);
  if (twice !== undefined) throw new UsageError(`"${twice}" is named twice: name each learner once.`);
  const lines = learners(users, flags.prefix).flatMap((learner) => [
    `# ${learner.user}: every topic and group that begins with ${learner.prefix}`,
    `# ${learner.user}.properties holds one line, SCRAM-SHA-512=iterations=8192,password=…, and goes away afterwards.`,
    ...administratorsCommands(learner),
    `# ${learner.user} sets: KAFKA_BOOTSTRAP_SERVERS, KAFKA_SSL=true, KAFKA_SASL_MECHANISM=SCRAM-SHA-512,`,
    `#   KAFKA_SASL_USERNAME=${learner.user}, KAFKA_SASL_PASSWORD, COURSE_TOPIC_PREFIX=${learner.prefix}`,
    '',
  ]);
  console.log(lines.join('\n').trimEnd());
  return EXIT.ok;
}

function readClass(name: string): string[] {
  const file = path.resolve(process.env['INIT_CWD'] ?? process.cwd(), name);
  try {
    const lines = readTextFile(file).split('\n');
    return lines.map((line) => line.replace(/#.*/, '').trim()).filter((line) => line !== '');
  } catch (cause) {
    throw new CourseError(
      `"${name}" cannot be read: --class takes a file with one user name on each line.`,
      'CONTENT',
      {
        cause,
      },
    );
  }
}

/** `course cleanup`: lists the topics that this learner left on a shared cluster and, asked to, deletes them. */
export async function cleanupCommand({ yes = false }: { yes?: boolean }): Promise<ExitCode> {
  if (!process.env['KAFKA_BOOTSTRAP_SERVERS']) {
    throw new UsageError(
      "KAFKA_BOOTSTRAP_SERVERS is not set: cleanup is for a cluster of yours; the course's own brokers take their topics with them.",
    );
  }
  const kafka = await progress('Asking the cluster', () => connectExternalKafka());
  const topics = await courseTopics(kafka);
  for (const topic of topics) console.log(topic);
  const count = `${topics.length} topic${topics.length === 1 ? '' : 's'} with the prefix ${kafka.topicPrefix}`;
  if (topics.length === 0) console.log(`There is no topic with the prefix ${kafka.topicPrefix}.`);
  else if (!yes)
    console.log(`${count}; nothing was deleted. To delete them: npm run course -- cleanup --yes`);
  else {
    await deleteTopics(kafka, topics);
    console.log(`${count} deleted.`);
  }
  return EXIT.ok;
}
