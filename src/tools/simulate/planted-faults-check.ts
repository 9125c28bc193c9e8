import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { EXIT } from '../../course/cli/exit-codes';
import type { ExitCode } from '../../course/cli/exit-codes';
import { progress } from '../../course/cli/progress';
import { UsageError } from '../../support/course-error';
import { textTable } from '../../support/text-table';
import type { PlantedFault } from './planted-fault';
import { PLANTED_FAULTS } from './planted-faults';
import { searchPlanted } from './simulate-planted';

/** A counterexample with more events than this is not easy to read. */
const MOST_EVENTS = 12;
/** As many cores as the smallest machine has that runs this. */
const AT_ONCE = 2;

interface Found {
  readonly fault: PlantedFault;
  /** The number of the schedule that found it; null if none did. */
  readonly after: number | null;
  readonly events: number;
  readonly promise: string;
  /** Why the fault does not count as found; null if it does. */
  readonly complaint: string | null;
}

/** `npm run simulate -- --planted`: plants each fault in turn, and says which schedule found it. */
export async function plantedFaultsCommand(names: readonly string[], seed: number): Promise<ExitCode> {
  const faults = selected(names);
  const baseline = await searchBaseline(Math.max(...faults.map(({ within }) => within)), seed);
  if (baseline !== null) {
    console.log(baseline);
    return EXIT.wrong;
  }
  const found = await progress(`Planting ${faults.length} faults`, async (say) => {
    let done = 0;
    return inParallel(faults, async (fault) => {
      const result = await findFault(fault, seed);
      say(`Planting ${faults.length} faults: ${++done} done`);
      if (process.env['CI'] !== undefined) console.log(outcomeLine(result));
      return result;
    });
  });
  console.log(table(found));
  const complaints = found.flatMap(({ fault, complaint }) =>
    complaint === null ? [] : [`${fault.name}: ${complaint}`],
  );
  for (const complaint of complaints) console.log(complaint);
  console.log(`${found.length - complaints.length} passed, ${complaints.length} failed`);
  return complaints.length === 0 ? EXIT.ok : EXIT.wrong;
}

function selected(names: readonly string[]): readonly PlantedFault[] {
  const unknown = names.find((name) => !PLANTED_FAULTS.some((fault) => fault.name === name));
  if (unknown !== undefined) {
    const known = PLANTED_FAULTS.map(({ name }) => name).join(', ');
    throw new UsageError(`No planted fault is called "${unknown}": there are ${known}.`);
  }
  return names.length === 0 ? PLANTED_FAULTS : PLANTED_FAULTS.filter(({ name }) => names.includes(name));
}

/** If a schedule fails without any fault, it would seem to find every fault: then this says why nothing is planted. */
async function searchBaseline(runs: number, seed: number): Promise<string | null> {
  const search = await searchWith([], runs, seed);
  if (typeof search === 'string') return `Nothing was planted: ${search}`;
  if (search.counterexample === null) return null;
  const { foundAfter } = search.counterexample;
  return (
    `Nothing was planted: schedule ${foundAfter} of seed ${seed} finds a broken promise in the producer as it is. ` +
    `Run npm run simulate -- --seed ${seed} --runs ${runs}, and fix that first.`
  );
}

async function findFault(fault: PlantedFault, seed: number): Promise<Found> {
  const search = await searchWith(fault.changes, fault.within, seed);
  return typeof search === 'string' ? notFound(fault, search) : judge(fault, search);
}

/** What a search against the changed producer came to, or why there is no result. */
async function searchWith(
  changes: PlantedFault['changes'],
  runs: number,
  seed: number,
): Promise<SearchDocument | string> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'course-plant-'));
  try {
    const plant = path.join(folder, 'plant.json');
    const json = path.join(folder, 'result.json');
    fs.writeFileSync(plant, JSON.stringify(changes));
    const args = ['--runs', String(runs), '--seed', String(seed), '--json', json];
    const { exitCode, stderr } = await searchPlanted(plant, args);
    if (!fs.existsSync(json)) return `the search ended with code ${exitCode}: ${stderr.trim()}`;
    return JSON.parse(fs.readFileSync(json, 'utf8')) as SearchDocument;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

interface SearchDocument {
  readonly counterexample: {
    readonly foundAfter: number;
    readonly events: number;
    readonly broken: readonly { readonly invariant: number; readonly promise: string }[];
  } | null;
}

function judge(fault: PlantedFault, { counterexample }: SearchDocument): Found {
  if (counterexample === null) return notFound(fault, `${fault.within} schedules did not find it.`);
  const { foundAfter, events, broken } = counterexample;
  const [first] = broken;
  return {
    fault,
    after: foundAfter,
    events,
    promise: first === undefined ? '' : `(${first.invariant}) ${first.promise}`,
    complaint:
      events > MOST_EVENTS ? `its smallest schedule has ${events} events, more than ${MOST_EVENTS}.` : null,
  };
}

function notFound(fault: PlantedFault, complaint: string): Found {
  return { fault, after: null, events: 0, promise: '', complaint };
}

function table(found: readonly Found[]): string {
  const rows = found.map(({ fault, after, events, promise }) => [
    fault.name,
    after === null ? 'not found' : String(after),
    String(events),
    promise,
  ]);
  return textTable(['fault', 'found by schedule', 'events', 'broken promise'], rows);
}

/** Where no progress is shown. */
function outcomeLine({ fault, after, events, complaint }: Found): string {
  return `  ${fault.name}: ${complaint ?? `found by schedule ${after}, told in ${events} events`}`;
}

/** In the order of the items, a few at a time. */
async function inParallel<T, R>(items: readonly T[], run: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let at = next++; at < items.length; at = next++) results[at] = await run(items[at]!);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}
