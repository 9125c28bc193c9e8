import { errorCodeName } from '../protocol/error-codes';
import { CoverageArea } from './coverage-area';
import type { AreaReport } from './coverage-area';
import {
  CALLBACKS,
  CLUSTER_EVENTS,
  CONFIGS,
  DISTURBANCES,
  PAIRS,
  PARTS,
  pairOf,
  REFUSALS,
  STAGES,
  STEPS,
  TOPIC_CONFIGS,
  FAULTS,
} from './coverage-universe';
import { LEFT_OUT } from './run-observed-network';
import type { ProducerRecord, RunRecord } from './run-record';
import type { ProducerPlan } from './schedule';

/** What the runs of a search have reached: counted in runs, each thing once per run. */
export class Coverage {
  readonly #areas = {
    stages: new CoverageArea('events of the trace', STAGES),
    refusals: new CoverageArea('error codes in responses', REFUSALS),
    clusterEvents: new CoverageArea('what happens to the cluster', CLUSTER_EVENTS),
    faults: new CoverageArea('what happens to requests', FAULTS),
    pairs: new CoverageArea('pairs of these in one run', PAIRS),
    steps: new CoverageArea("the user's code", STEPS),
    callbacks: new CoverageArea('callbacks that ran', CALLBACKS),
    parts: new CoverageArea("the user's parts", PARTS),
    configs: new CoverageArea('producer config', CONFIGS),
    topicConfigs: new CoverageArea('topic config', TOPIC_CONFIGS),
    errors: new CoverageArea('errors that were told', []),
  };
  #runs = 0;

  get runs(): number {
    return this.#runs;
  }

  add(run: RunRecord): void {
    this.#runs++;
    const areas = this.#areas;
    for (const stage of new Set(run.trace.map(({ event }) => stageOf(event)))) areas.stages.add(stage);
    const hit = [...new Set(run.disturbances.map(({ name }) => name))].sort(
      (a, b) => DISTURBANCES.indexOf(a) - DISTURBANCES.indexOf(b),
    );
    for (const one of hit) (CLUSTER_EVENTS.includes(one) ? areas.clusterEvents : areas.faults).add(one);
    hit.forEach((one, index) => hit.slice(index + 1).forEach((other) => areas.pairs.add(pairOf(one, other))));
    const refusals = new Set(run.producers.flatMap(refusalsOf));
    for (const refusal of refusals) areas.refusals.add(refusal);
    for (const { config = {} } of run.schedule.topics)
      for (const [name, value] of Object.entries(config)) areas.topicConfigs.add(`${name}=${value}`);
    for (const { plan } of run.producers) this.#addPlan(plan);
    for (const producer of run.producers) this.#addTold(producer);
  }

  #addPlan({ steps, config, parts = {} }: ProducerPlan): void {
    const areas = this.#areas;
    for (const step of new Set(steps.map((one) => one.do))) areas.steps.add(step);
    for (const [name, value] of Object.entries(config)) areas.configs.add(`${name}=${String(value)}`);
    for (const [name, value] of Object.entries(parts)) areas.parts.add(`${name}=${String(value)}`);
    const callbacks = steps.flatMap((step) =>
      step.do === 'send' && step.callback !== undefined ? [step.callback] : [],
    );
    for (const kind of new Set(callbacks)) areas.callbacks.add(kind);
  }

  #addTold({ records, calls }: ProducerRecord): void {
    const errors = [
      ...records.flatMap(({ send, get }) => [send?.error, get?.error]),
      ...calls.map(({ error }) => error),
    ];
    const names = errors
      .filter((error) => error !== undefined)
      .map((error) => (error instanceof Error ? error.name : typeof error));
    for (const name of new Set(names)) this.#areas.errors.add(name);
  }

  report(): AreaReport[] {
    return Object.values(this.#areas).map((area) => area.report());
  }
}

function stageOf(event: RunRecord['trace'][number]['event']): string {
  switch (event.stage) {
    case 'batch-drained':
      return `batch-drained: ${event.reason}`;
    case 'batch-failed':
      return `batch-failed: ${event.reason}`;
    case 'partitioned':
      return `partitioned: ${event.by}`;
    case 'waiting':
      return `waiting: ${event.for}`;
    case 'producer-id':
      return `producer-id: ${event.reason}`;
    default:
      return event.stage;
  }
}

function refusalsOf({ requests, lookups }: ProducerRecord): string[] {
  return [
    ...requests
      .flatMap(({ errorCodes }) => errorCodes ?? [])
      .filter((code) => code !== 0 && code !== LEFT_OUT)
      .map((code) => `produce: ${errorCodeName(code)}`),
    ...lookups.flatMap(({ kind, errorCodes }) => errorCodes.map((code) => `${kind}: ${errorCodeName(code)}`)),
  ];
}
