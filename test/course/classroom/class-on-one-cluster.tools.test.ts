import fs from 'node:fs';
import { connectExternalKafka } from '../../../src/broker/external';
import { createTopic, deleteTopics } from '../../../src/broker/index';
import type { CourseKafka } from '../../../src/broker/index';
import { courseTopics } from '../../../src/broker/topics';
import { learners } from '../../../src/course/classroom/learner-rights';
import type { GradingResult } from '../../../src/course/grading/result';
import { ProjectCopy } from '../cli/project-copy';
import { SecureCluster } from './secure-cluster';

const [ada, bo, eve] = learners(['ada', 'bo', 'eve']);
const HAS_SOLUTIONS = fs.existsSync(`${__dirname}/../../../solutions`);
const describeClass = HAS_SOLUTIONS ? describe : describe.skip;
const reason = HAS_SOLUTIONS ? '' : ' (skipped: this branch has no solutions)';
/** Records through the producer, idempotent and with acks=all, and the log read back; then the same with a proxy in between. */
const EXERCISES = ['06-key-partitioner', '10-sequence-numbers'];
const GRADED_WITHIN_MS = 240_000;

describeClass(`a class on one cluster with SCRAM, TLS and ACLs by prefix${reason}`, () => {
  let cluster: SecureCluster;
  const clones: ProjectCopy[] = [];

  beforeAll(async () => {
    cluster = await SecureCluster.start([ada!, bo!, eve!]);
    await cluster.allow(ada!);
    await cluster.allow(bo!);
  });
  afterEach(() => forgetTopics());
  afterAll(async () => {
    for (const clone of clones) clone.remove();
    await cluster.stop();
  });

  const as = (learner: typeof ada): Promise<CourseKafka> =>
    connectExternalKafka({ environment: cluster.environment(learner!) });
  const everything = (): Promise<string[]> => courseTopics(cluster.administrator());

  /** Whatever a test that failed left behind is no other test's business. */
  async function forgetTopics(): Promise<void> {
    await deleteTopics(cluster.administrator(), await everything());
  }

  function cloneOf(): ProjectCopy {
    const clone = new ProjectCopy();
    clones.push(clone);
    return clone;
  }

  it(
    'two learners grading at once both get full marks, and neither topics nor anything else of the other changes',
    async () => {
      const kept = [
        await createTopic(await as(ada), { name: 'notes', partitions: 1 }),
        await createTopic(await as(bo), { name: 'notes', partitions: 1 }),
      ];
      const results = await Promise.all(
        [ada!, bo!].map(async (learner) => {
          const clone = cloneOf();
          const json = clone.path('result.json');
          const args = ['grade', ...EXERCISES, '--answers', 'solutions', '--strict', '--json', json];
          const { stdout, code } = await clone.course(args, cluster.environment(learner));
          if (code !== 0) throw new Error(stdout);
          return JSON.parse(fs.readFileSync(json, 'utf8')) as GradingResult;
        }),
      );
      for (const result of results) {
        expect(result.kafka.kind).toBe('external');
        expect(result.exercises.map(({ status }) => status)).toEqual(['pass', 'pass']);
      }
      expect(await everything()).toEqual([...kept].sort());
    },
    GRADED_WITHIN_MS,
  );

  it('a learner neither sees the topics of another nor can make or delete them', async () => {
    const topic = await createTopic(await as(bo), { name: 'mine', partitions: 1 });
    const asAda = await as(ada);
    // With the other's prefix, so that nothing but the cluster stands in the way.
    const pretender = { ...asAda, topicPrefix: bo!.prefix };
    expect(await courseTopics(pretender)).toEqual([]);
    await expect(deleteTopics(asAda, [topic])).rejects.toThrow(/not the course's/);
    await expect(deleteTopics(pretender, [topic])).rejects.toThrow(/authori/i);
    await expect(createTopic(pretender, { name: 'theirs', partitions: 1 })).rejects.toThrow(/authori/i);
    expect(await everything()).toEqual([topic]);
  });

  it('without the printed ACLs a learner can do nothing', async () => {
    const asEve = await as(eve);
    await expect(createTopic(asEve, { name: 'first', partitions: 1 })).rejects.toThrow(/authori/i);
    expect(await courseTopics({ ...asEve, topicPrefix: '' })).toEqual([]);
  });

  it("course cleanup lists what is left of one's own, and deletes it only when told so", async () => {
    const left = await createTopic(await as(ada), { name: 'left-over', partitions: 1 });
    const others = await createTopic(await as(bo), { name: 'in-use', partitions: 1 });
    // Everybody's topics can be seen on the plain listener: there, the prefix is all that keeps learners apart.
    const open = {
      KAFKA_BOOTSTRAP_SERVERS: cluster.kafka.bootstrapServers,
      KAFKA_SSL: '',
      KAFKA_SSL_CA_FILE: '',
    };
    const noUser = { KAFKA_SASL_MECHANISM: '', KAFKA_SASL_USERNAME: '', KAFKA_SASL_PASSWORD: '' };
    const clone = cloneOf();
    const cleanup = (...flags: string[]) =>
      clone.course(['cleanup', ...flags], { ...cluster.environment(ada!), ...open, ...noUser });

    const listed = await cleanup();
    expect(listed).toMatchObject({ code: 0 });
    expect(listed.stdout).toMatch(
      new RegExp(`^${left}\n1 topic with the prefix course-ada-; nothing was deleted`),
    );
    expect(await everything()).toEqual([left, others].sort());

    expect((await cleanup('--yes')).stdout).toMatch(/1 topic with the prefix course-ada- deleted/);
    expect(await everything()).toEqual([others]);
    expect((await cleanup('--yes')).stdout).toMatch(/no topic with the prefix course-ada-/);
  });
});
