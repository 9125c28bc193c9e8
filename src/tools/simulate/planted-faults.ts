import { MEMORY_TIME_AND_WORDS } from './planted-elsewhere';
import type { PlantedFault } from './planted-fault';
import { ORDER_AND_SEQUENCES } from './planted-in-sequences';
import { ONCE_IN_THIS_PRODUCER } from './planted-once-here';

/** Every mistake that `npm run simulate -- --planted` plants. */
export const PLANTED_FAULTS: readonly PlantedFault[] = [
  ...ONCE_IN_THIS_PRODUCER,
  ...ORDER_AND_SEQUENCES,
  ...MEMORY_TIME_AND_WORDS,
];
