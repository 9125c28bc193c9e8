import type { RunIndex } from '../model/run-index';
import type { RunSummary } from '../model/run-summary';
import type { PlaygroundSettings } from './playground-settings';

/** What a run came to, as scenarios ask about it. */
export interface Outcome {
  readonly summary: RunSummary;
  readonly index: RunIndex;
}

export interface ScenarioOption {
  readonly text: string;
  /** Asked of the run: no option is right because somebody wrote so. */
  readonly holds: (outcome: Outcome) => boolean;
}

export interface Scenario {
  readonly id: string;
  readonly title: string;
  /** What is set up, in one or two sentences. */
  readonly setting: string;
  readonly question: string;
  readonly options: readonly ScenarioOption[];
  readonly explanation: string;
  /** The moment to look at, as a position; -1 when this run has none. */
  readonly moment: (index: RunIndex) => number;
  readonly momentText: string;
  readonly settings: PlaygroundSettings;
  /** One change that shows the other side. */
  readonly next: { readonly text: string; readonly change: PlaygroundSettings };
}

export type Stage = RunIndex['events'][number]['stage'];
