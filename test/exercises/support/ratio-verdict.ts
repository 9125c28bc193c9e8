import { AnswerFailure } from '../../../src/course/grading/answer-failure';
import { INCONCLUSIVE } from '../../../src/course/grading/verdict';

/** Ratios of two measurements that were taken right after one another, sorted. */
export interface Ratios {
  readonly lowerQuartile: number;
  readonly median: number;
  readonly upperQuartile: number;
}

export function quartiles(values: readonly number[]): Ratios {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.round((sorted.length - 1) * share)]!;
  return { lowerQuartile: at(0.25), median: at(0.5), upperQuartile: at(0.75) };
}

export interface RatioJudgement<T> {
  /** Takes a whole new measurement. */
  readonly measure: () => Promise<T>;
  readonly ratiosOf: (measurement: T) => readonly number[];
  /** The ratio up to which an answer is right. */
  readonly rightUpTo: number;
  /** The ratio from which on it is wrong. What lies in between is nobody's fault, and measured again. */
  readonly wrongFrom: number;
}

const ATTEMPTS = 4;

/**
 * Whether a measured ratio is right, from its quartiles: right or wrong only when the middle half of the measurements says
 * so with one voice. A busy machine makes the spread wide, and a wide spread is measured again, then reported as
 * inconclusive: never as a wrong answer.
 */
export async function judgeRatio<T>(
  judgement: RatioJudgement<T>,
): Promise<{ right: boolean; measurement: T; ratios: Ratios }> {
  const { measure, ratiosOf, rightUpTo, wrongFrom } = judgement;
  for (let attempt = 1; ; attempt++) {
    const measurement = await measure();
    const ratios = quartiles(ratiosOf(measurement));
    if (ratios.upperQuartile <= rightUpTo) return { right: true, measurement, ratios };
    if (ratios.lowerQuartile >= wrongFrom) return { right: false, measurement, ratios };
    if (attempt === ATTEMPTS) throw inconclusive(ratios, judgement);
  }
}

function inconclusive(
  ratios: Ratios,
  { rightUpTo, wrongFrom }: Pick<RatioJudgement<unknown>, 'rightUpTo' | 'wrongFrom'>,
): AnswerFailure {
  const spread = `${ratios.lowerQuartile.toPrecision(2)} to ${ratios.upperQuartile.toPrecision(2)}`;
  return new AnswerFailure(
    `${INCONCLUSIVE}: measured ${ATTEMPTS} times, the ratio was ${spread} at last, where up to ${rightUpTo} is right and from ${wrongFrom} on is wrong. Is the machine busy with something else?`,
    'not-judged',
  );
}
