import type { Schedule } from './schedule';

/** How many things a schedule makes happen: steps of the user's code, events of the cluster, faults of requests. */
export function eventsIn({ producers, events, faults }: Schedule): number {
  return producers.reduce((sum, { steps }) => sum + steps.length, 0) + events.length + faults.length;
}
