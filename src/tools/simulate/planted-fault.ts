import type { PlantedChange } from './simulate-planted';

/** A mistake that the simulation has to find. */
export interface PlantedFault {
  readonly name: string;
  /** What is wrong, for whoever reads the list. */
  readonly mistake: string;
  /** Within how many schedules it has to be found. */
  readonly within: number;
  readonly changes: readonly PlantedChange[];
}

const INTERNALS = 'src/producer/internals';

export function inFile(name: string, replace: string, by: string): PlantedChange {
  return { file: `${INTERNALS}/${name}.ts`, replace, with: by };
}

export function fault(
  name: string,
  mistake: string,
  within: number,
  ...changes: PlantedChange[]
): PlantedFault {
  return { name, mistake, within, changes };
}

/** Rule 1 of Idempotence: without it, several batches are in flight before the broker knows the producer id. */
export const FIRST_BATCH_NOT_ALONE = inFile(
  'idempotence',
  'sequences.inFlight.length < REMEMBERED_BATCHES && isKnownToBroker(sequences, nowMs)',
  'sequences.inFlight.length < REMEMBERED_BATCHES',
);
