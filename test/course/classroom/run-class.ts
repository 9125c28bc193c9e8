/**
 * A class that grades all at once on one cluster: every learner with a clone, a login and a prefix of their own, the
 * cluster with SCRAM, TLS and ACLs. Run by hand and by CI (`.ci/class`), because it takes this machine for minutes.
 *
 *     run-class.ts [learners] [exercise… | all]
 */
import fs from 'node:fs';
import { courseTopics } from '../../../src/broker/topics';
import { learners } from '../../../src/course/classroom/learner-rights';
import type { Learner } from '../../../src/course/classroom/learner-rights';
import type { GradingResult } from '../../../src/course/grading/result';
import { ProjectCopy } from '../cli/project-copy';
import { SecureCluster } from './secure-cluster';

interface Graded {
  readonly learner: Learner;
  readonly seconds: number;
  /** Empty when everything was right. */
  readonly complaint: string;
}

async function gradeAs(learner: Learner, cluster: SecureCluster, words: readonly string[]): Promise<Graded> {
  const clone = new ProjectCopy();
  const started = performance.now();
  const seconds = (): number => (performance.now() - started) / 1000;
  try {
    const json = clone.path('result.json');
    const named = words.filter((word) => word !== 'all');
    const args = ['grade', ...named, '--answers', 'solutions', '--strict', '--json', json];
    const { code, stdout, stderr } = await clone.course(args, cluster.environment(learner));
    if (code !== 0)
      return { learner, seconds: seconds(), complaint: `exit code ${code}\n${stdout}${stderr}` };
    const { score, maxScore } = JSON.parse(fs.readFileSync(json, 'utf8')) as GradingResult;
    const complaint = score === maxScore && score > 0 ? '' : `${score} of ${maxScore} points`;
    return { learner, seconds: seconds(), complaint };
  } finally {
    clone.remove();
  }
}

async function main([count = '20', ...words]: readonly string[]): Promise<number> {
  const size = Number(count);
  if (!(Number.isInteger(size) && size > 0))
    throw new Error(`"${count}" is no number of learners: write 20, for instance.`);
  const exercises = words.length > 0 ? words : ['key-partitioner'];
  // Two digits at least, so that no name is how another one begins.
  const everybody = learners(
    Array.from({ length: size }, (_, index) => `learner${String(index + 1).padStart(2, '0')}`),
  );
  const cluster = await SecureCluster.start(everybody);
  try {
    for (const learner of everybody) await cluster.allow(learner);
    const started = performance.now();
    const graded = await Promise.all(everybody.map((one) => gradeAs(one, cluster, exercises)));
    const took = (performance.now() - started) / 1000;
    const wrong = graded.filter(({ complaint }) => complaint !== '');
    for (const { learner, complaint } of wrong) console.log(`${learner.user}: ${complaint}`);
    const left = await courseTopics(cluster.administrator());
    for (const topic of left) console.log(`left behind: ${topic}`);
    const each = graded.map(({ seconds }) => seconds).sort((a, b) => a - b);
    console.log(
      `${size} learners grading ${exercises.join(' and ')} at once: ${size - wrong.length} right, ${wrong.length} wrong, ` +
        `${left.length} topics left; ${took.toFixed(0)} s in all, ${each[0]!.toFixed(0)} to ${each[each.length - 1]!.toFixed(0)} s each`,
    );
    return wrong.length === 0 && left.length === 0 ? 0 : 1;
  } finally {
    await cluster.stop();
  }
}

void main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
