import fs from 'node:fs';
import path from 'node:path';
import { useKafka } from '../../broker/index';
import type { ExerciseDefinition } from '../exercises/exercise-definition';
import { PROJECT_ROOT } from '../exercises/manifest';
import { gradingResult } from './grading';
import { runJest } from './jest-run';
import type { ExerciseResult } from './result';

/** An answer that proves something about its grader. */
export interface AnswerToJudge {
  /** Unlike that of any other. */
  readonly name: string;
  readonly exercise: ExerciseDefinition;
  readonly text: string;
  /** The title of the test that should reject it. */
  readonly askFirst?: string;
}

/**
 * What the graders say to each of the answers, in their order. One jest run over one broker grades them all, and asks each
 * answer until one test has rejected it.
 */
export async function judgeAnswers(answers: readonly AnswerToJudge[]): Promise<readonly ExerciseResult[]> {
  const folder = path.join(PROJECT_ROOT, '.course');
  fs.mkdirSync(folder, { recursive: true });
  const stage = fs.mkdtempSync(path.join(folder, 'known-'));
  const kafka = await useKafka();
  try {
    const answerSets = answers.map((answer) => {
      const { name, exercise, askFirst } = answer;
      const slugs = [exercise.slug];
      return { name, folder: stageAnswer(stage, answer), slugs, untilRejected: true, askFirst };
    });
    const run = await runJest({ answerSets, kafka });
    const noChart = () => Promise.resolve({ title: '', file: '', spec: { $schema: '', description: '' } });
    const results: ExerciseResult[] = [];
    for (const { name, exercise } of answers) {
      const { exercises } = await gradingResult(run, name, [exercise], kafka, noChart);
      results.push(exercises[0]!);
    }
    fs.rmSync(run.evidenceFolder, { recursive: true, force: true });
    return results;
  } finally {
    await kafka.stop();
    fs.rmSync(stage, { recursive: true, force: true });
  }
}

/** Laid out like `exercises/`, with this one answer in it. */
function stageAnswer(stage: string, { name, exercise, text }: AnswerToJudge): string {
  const folder = path.join(stage, name.replaceAll(' ', '_'));
  fs.mkdirSync(path.join(folder, exercise.slug), { recursive: true });
  fs.writeFileSync(path.join(folder, exercise.slug, exercise.files[0]!), text);
  return folder;
}
