import { SCENARIOS_OF_BATCHING } from './scenarios-of-batching';
import { SCENARIOS_OF_FAILURES } from './scenarios-of-failures';

export type { Outcome, Scenario, ScenarioOption } from './scenario';

export const SCENARIOS = [...SCENARIOS_OF_BATCHING, ...SCENARIOS_OF_FAILURES];
