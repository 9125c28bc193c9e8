import { UsageError } from '../../support/course-error';
import { projectRoot } from '../../support/project-paths';
import type { ExerciseDefinition } from './exercise-definition';
import { backpressure } from './definitions/backpressure';
import { batchReadiness } from './definitions/batch-readiness';
import { brokerDeduplication } from './definitions/broker-deduplication';
import { bufferPool } from './definitions/buffer-pool';
import { compressionChoice } from './definitions/compression-choice';
import { deliveryCallbacks } from './definitions/delivery-callbacks';
import { fastSerializer } from './definitions/fast-serializer';
import { highThroughput } from './definitions/high-throughput';
import { idempotenceRules } from './definitions/idempotence-rules';
import { keyPartitioner } from './definitions/key-partitioner';
import { lowLatency } from './definitions/low-latency';
import { maxReliability } from './definitions/max-reliability';
import { predict } from './definitions/predict';
import { priorityPartitioner } from './definitions/priority-partitioner';
import { roundRobinPartitioner } from './definitions/round-robin-partitioner';
import { sequenceNumbers } from './definitions/sequence-numbers';
import { stickyPartitioner } from './definitions/sticky-partitioner';

/** In the order in which a learner meets them. */
export const EXERCISES: readonly ExerciseDefinition[] = [
  highThroughput,
  lowLatency,
  maxReliability,
  batchReadiness,
  bufferPool,
  keyPartitioner,
  roundRobinPartitioner,
  stickyPartitioner,
  priorityPartitioner,
  sequenceNumbers,
  brokerDeduplication,
  idempotenceRules,
  deliveryCallbacks,
  backpressure,
  fastSerializer,
  compressionChoice,
  predict,
];

/** The project's folder: every path the course prints or opens starts here, wherever a command was called. */
export const PROJECT_ROOT = projectRoot;

/** The exercises whose slug contains one of the words; all of them when there is no word. A word that fits none is an error. */
export function selectExercises(words: readonly string[]): readonly ExerciseDefinition[] {
  for (const word of words) {
    if (!EXERCISES.some(({ slug }) => slug.includes(word))) {
      const known = EXERCISES.map(({ slug }) => slug).join(', ');
      throw new UsageError(`No exercise is called "${word}": there are ${known}.`);
    }
  }
  return words.length === 0
    ? EXERCISES
    : EXERCISES.filter(({ slug }) => words.some((word) => slug.includes(word)));
}

/** The one exercise that a word names. */
export function findExercise(word: string): ExerciseDefinition {
  const found = selectExercises([word]);
  const exact = found.find(({ slug }) => slug === word) ?? (found.length === 1 ? found[0] : undefined);
  if (exact === undefined) {
    throw new UsageError(
      `"${word}" fits ${found.map(({ slug }) => slug).join(' and ')}: name one of them in full.`,
    );
  }
  return exact;
}
